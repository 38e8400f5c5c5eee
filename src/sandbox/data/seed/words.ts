/** The vocabulary of the trading company: pairs of English (or transliterated) and Bulgarian. */

export type Pair = readonly [english: string, bulgarian: string]

export const MEN: readonly Pair[] = [
  ['Ivan', 'Иван'], ['Georgi', 'Георги'], ['Dimitar', 'Димитър'], ['Nikolay', 'Николай'], ['Petar', 'Петър'],
  ['Stoyan', 'Стоян'], ['Hristo', 'Христо'], ['Aleksandar', 'Александър'], ['Todor', 'Тодор'], ['Yordan', 'Йордан'],
]
export const WOMEN: readonly Pair[] = [
  ['Maria', 'Мария'], ['Elena', 'Елена'], ['Ivanka', 'Иванка'], ['Desislava', 'Десислава'], ['Yoana', 'Йоана'],
  ['Gergana', 'Гергана'], ['Tsvetelina', 'Цветелина'], ['Radka', 'Радка'], ['Kristina', 'Кристина'],
  ['Shtiliyana', 'Щилияна'],
]
/** Family names of men; women's end in `a` and `а`. */
export const FAMILIES: readonly Pair[] = [
  ['Petrov', 'Петров'], ['Dimitrov', 'Димитров'], ['Zhelyazkov', 'Желязков'], ['Stoychev', 'Стойчев'],
  ['Yankov', 'Янков'], ['Todorov', 'Тодоров'], ['Hadzhiev', 'Хаджиев'], ['Kolev', 'Колев'], ['Angelov', 'Ангелов'],
  ['Shishkov', 'Шишков'], ['Tsankov', 'Цанков'], ['Marinov', 'Маринов'],
]
export const FIRMS: readonly Pair[] = [
  ['Rila', 'Рила'], ['Pirin', 'Пирин'], ['Black Sea', 'Черно море'], ['Danube', 'Дунав'], ['Thrace', 'Тракия'],
  ['Rose Valley', 'Розова долина'], ['Sredna Gora', 'Средна гора'], ['Vitosha', 'Витоша'], ['Maritsa', 'Марица'],
  ['Strandzha', 'Странджа'], ['Belogradchik', 'Белоградчик'], ['Yantra', 'Янтра'],
]
export const BRANCHES: readonly Pair[] = [
  ['Foods', 'Храни'], ['Office', 'Офис'], ['Build', 'Строй'], ['Hotels', 'Хотели'], ['Furniture', 'Мебели'],
  ['Pharma', 'Фарма'], ['Logistics', 'Логистика'], ['Print', 'Принт'], ['Electronics', 'Електроника'],
  ['Textile', 'Текстил'],
]
export const FOREIGN_FIRMS: readonly string[] = [
  "O'Neill & Sons Ltd", 'Müller Großhandel GmbH', 'Société Générale de Négoce "Étoile"', 'Łódź Meble Sp. z o.o.',
  'Ελληνικό Εμπόριο ΑΕ', 'Smørrebrød ApS', 'São Paulo Importação Lda', 'Trade; Tabs, and Commas Inc.',
]
/** Cities with their two-letter country. */
export const CITIES: readonly (readonly [english: string, bulgarian: string, country: string])[] = [
  ['Sofia', 'София', 'BG'], ['Plovdiv', 'Пловдив', 'BG'], ['Varna', 'Варна', 'BG'], ['Burgas', 'Бургас', 'BG'],
  ['Ruse', 'Русе', 'BG'], ['Stara Zagora', 'Стара Загора', 'BG'], ['Veliko Tarnovo', 'Велико Търново', 'BG'],
  ['Bucharest', 'Букурещ', 'RO'], ['Thessaloniki', 'Солун', 'GR'], ['Vienna', 'Виена', 'AT'],
  ['Munich', 'Мюнхен', 'DE'],
]
export const COUNTRIES: readonly (readonly [code: string, english: string, bulgarian: string])[] = [
  ['BG', 'Bulgaria', 'България'], ['RO', 'Romania', 'Румъния'], ['GR', 'Greece', 'Гърция'],
  ['DE', 'Germany', 'Германия'],
  ['AT', 'Austria', 'Австрия'], ['GB', 'United Kingdom', 'Обединено кралство'], ['CN', 'China', 'Китай'],
  ['TR', 'Türkiye', 'Турция'],
]
/** Groups of products: code, names, and what is in them with the price of one in euro cents. */
export const PRODUCT_GROUPS: readonly {
  readonly code: string
  readonly name: Pair
  readonly unit: 'PCE' | 'KG' | 'L' | 'M'
  readonly products: readonly (readonly [english: string, bulgarian: string, cents: number])[]
}[] = [
  { code: 'FUR', name: ['Office furniture', 'Офис мебели'], unit: 'PCE', products: [
    ['Office chair', 'Офис стол', 14900], ['Desk 160 × 80', 'Бюро 160 × 80', 28900],
    ['Bookcase, 5 shelves', 'Библиотека, 5 рафта', 19950],
    ['Meeting table "Oval"', 'Заседателна маса „Овал“', 64900]] },
  { code: 'PAP', name: ['Paper and print', 'Хартия и печат'], unit: 'PCE', products: [
    ['Copy paper A4, 500 sheets', 'Копирна хартия А4, 500 листа', 489],
    ['Notebook, squared', 'Тетрадка на квадратчета', 219],
    ['Toner black', 'Тонер черен', 7890], ['Envelope C5', 'Плик C5', 12]] },
  { code: 'ELE', name: ['Electronics', 'Електроника'], unit: 'PCE', products: [
    ['Monitor 27"', 'Монитор 27"', 23900], ['Keyboard, Bulgarian phonetic', 'Клавиатура, фонетична', 3490],
    ['USB-C dock', 'USB-C докинг станция', 11900], ['LED lamp 9 W', 'LED лампа 9 W', 349]] },
  { code: 'FOO', name: ['Foods', 'Храни'], unit: 'KG', products: [
    ['Rose jam', 'Сладко от роза', 890], ['White brined cheese', 'Бяло саламурено сирене', 1190],
    ['Coffee beans', 'Кафе на зърна', 1890], ['Lyutenitsa', 'Лютеница', 540]] },
  { code: 'OIL', name: ['Oils', 'Масла'], unit: 'L', products: [
    ['Sunflower oil', 'Слънчогледово олио', 229], ['Rose oil', 'Розово масло', 890000],
    ['Linseed oil', 'Ленено масло', 1290]] },
  { code: 'TEX', name: ['Textiles', 'Текстил'], unit: 'M', products: [
    ['Cotton, white', 'Памук, бял', 690], ['Felt, green', 'Филц, зелен', 1140],
    ['Velvet, wine-red', 'Кадифе, бордо', 2450]] },
]
export const COLOURS: readonly Pair[] = [
  ['white', 'бял'], ['black', 'черен'], ['grey', 'сив'], ['oak', 'дъб'], ['walnut', 'орех'], ['blue', 'син'],
]
export const NOTES: readonly string[] = [
  'Please call before delivery.', 'Моля, обадете се преди доставка.', 'Доставка до склада, вход от задния двор.',
  'Invoice by e-mail only.', 'Partial delivery allowed.',
]
/** Texts that break careless readers: quotes, line breaks, a tab, a backslash, emoji, braces, and one that is long. */
export const HARD_NOTES: readonly string[] = [
  'She said "call first", then \'later\'.',
  'First line\nsecond line\r\nthird line',
  'Column A\tColumn B\\C',
  'Спешно! 🚚📦 Ще платим в брой 💶 👩‍👩‍👧',
  '{"value":[{"Id":1}]},{"@odata.context":"no"}]}',
  '<script>alert("x")</script> & <b>bold</b>',
  '=HYPERLINK("http://example.com"), not a formula',
  `A long note. ${'Дълга бележка за условията на доставка и плащане. '.repeat(80)}`,
]
