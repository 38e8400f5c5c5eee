import { Problem } from '../http.ts'
import type { Language } from './culture.ts'

/** What the Domain API refuses, and why: the type of the exception, and its message in English and in Bulgarian. */
const MESSAGES = {
  syntax: ['ODataException', "Syntax error at position {1} in '{0}'.", "Синтактична грешка на позиция {1} в '{0}'."],
  option: ['ODataException', "The query option '{0}' is not supported.", "Опцията на заявката '{0}' не се поддържа."],
  optionTwice: [
    'ODataException', "The query option '{0}' is given more than once.",
    "Опцията на заявката '{0}' е зададена повече от веднъж.",
  ],
  optionValue: [
    'ODataException', "Invalid value '{1}' for the query option '{0}'.", "Невалидна стойност '{1}' за опцията '{0}'.",
  ],
  property: [
    'ODataException', "Could not find a property named '{0}' on type 'Erp.{1}'.",
    "Няма свойство с име '{0}' в типа 'Erp.{1}'.",
  ],
  propertyTwice: [
    'ODataException', "The property '{0}' is used more than once.", "Свойството '{0}' е използвано повече от веднъж.",
  ],
  operator: ['NotSupportedException', "The operator '{0}' is not supported.", "Операторът '{0}' не се поддържа."],
  function: ['NotSupportedException', "The function '{0}' is not supported.", "Функцията '{0}' не се поддържа."],
  notFilterable: [
    'NotSupportedException', "The property '{0}' is not filterable.", "По свойството '{0}' не може да се филтрира.",
  ],
  filter: [
    'NotSupportedException', "The property '{0}' does not support '{1}' (supported filters: {2}).",
    "Свойството '{0}' не поддържа '{1}' (поддържани филтри: {2}).",
  ],
  multilanguage: [
    'NotSupportedException', "The multilanguage property '{0}' can be filtered only through 'contains'.",
    "Многоезичното свойство '{0}' се филтрира само чрез 'contains'.",
  ],
  measure: [
    'NotSupportedException', "The complex property '{0}' can't be used here; use '{0}Value'.",
    "Комплексното свойство '{0}' не може да се ползва тук; ползвайте '{0}Value'.",
  ],
  customProperty: [
    'NotSupportedException', "The custom property '{0}' can be filtered only through 'eq'.",
    "Потребителското свойство '{0}' се филтрира само чрез 'eq'.",
  ],
  reference: [
    'NotSupportedException', "The reference '{0}' of 'Erp.{1}' is neither an ownership nor a filterable reference.",
    "Референцията '{0}' на 'Erp.{1}' не е нито собственост, нито филтрируема.",
  ],
  collection: [
    'NotSupportedException', "The child collection '{0}' can't be used here.",
    "Колекцията '{0}' не може да се ползва тук.",
  ],
  nullLiteral: [
    'NotSupportedException', "Comparison of '{0}' with null is not supported.",
    "Сравнение на '{0}' с null не се поддържа.",
  ],
  literal: [
    'ODataException', "'{0}' is not a valid value for '{1}' ({2}).", "'{0}' не е валидна стойност за '{1}' ({2}).",
  ],
  order: [
    'NotSupportedException', "The property '{0}' is not orderable.", "По свойството '{0}' не може да се подрежда.",
  ],
  expand: [
    'ODataException', "'{0}' is not a navigation property of 'Erp.{1}'.",
    "'{0}' не е навигационно свойство на 'Erp.{1}'.",
  ],
  applyOrder: [
    'NotSupportedException', 'OData $orderby is not supported together with $apply groupby.',
    'OData $orderby не се поддържа заедно с $apply groupby.',
  ],
  applyOption: [
    'NotSupportedException', "The query option '{0}' is not supported together with $apply.",
    "Опцията '{0}' не се поддържа заедно с $apply.",
  ],
  expandGroup: [
    'NotSupportedException', "'{0}' is not a grouped reference: expandgroup expands the keys of $apply groupby only.",
    "'{0}' не е групирана референция: expandgroup разгъва само ключовете на $apply groupby.",
  ],
  group: [
    'NotSupportedException', "The property '{0}' can't be grouped by.", "По свойството '{0}' не може да се групира.",
  ],
  aggregate: [
    'NotSupportedException', "The property '{0}' does not support the aggregate function '{1}'.",
    "Свойството '{0}' не поддържа агрегатната функция '{1}'.",
  ],
  method: [
    'NotSupportedException', "The sandbox can only be read: '{0}' is refused.",
    "Пясъчникът само се чете: '{0}' е отказано.",
  ],
  renamed: [
    'ODataException',
    "The provided entity set name '{0}' is no more supported. The new name of this entity is '{1}'."
      + ' List of all entity renames can be found at {2}.',
    "Наборът '{0}' вече не се поддържа. Новото име на този обект е '{1}'. Всички преименувания са на {2}.",
  ],
  argument: [
    'ODataException', "The function '{0}' needs the parameter '{1}'.", "Функцията '{0}' иска параметъра '{1}'.",
  ],
} as const satisfies Record<string, readonly [type: string, english: string, bulgarian: string]>

/** Thrown wherever a query is read; the API gives it words in the caller's language. */
export class DomainError extends Error {
  readonly code: keyof typeof MESSAGES
  readonly parameters: readonly string[]

  constructor(code: keyof typeof MESSAGES, ...parameters: readonly string[]) {
    super(code)
    this.code = code
    this.parameters = parameters
  }
}

/** A refusal in ERP.net's own form: status 500, with the message's format and what was put into it. */
export class DomainProblem extends Problem {
  readonly #format: string
  readonly #parameters: readonly string[]

  constructor({ code, parameters }: DomainError, language: Language) {
    const [type, english, bulgarian] = MESSAGES[code]
    const format: string = language === 'bg' ? bulgarian : english
    super(500, type, format.replaceAll(/\{(\d)\}/g, (_all, index: string) => parameters[Number(index)] ?? ''))
    this.#format = format
    this.#parameters = parameters
  }

  override body(wrapped: boolean): unknown {
    const plain = super.body(false) as Readonly<Record<string, unknown>>
    const error = { ...plain, messageFormat: this.#format, parameters: this.#parameters }
    return wrapped ? { error } : error
  }
}
