import type { Parties } from './parties.ts'
import { day, DAYS, moment, type Seeder } from './seeder.ts'

const TITLES = [
  'Printer in the store is offline', 'Грешна цена в уеб магазина', 'Train the new colleagues', 'Липсва партида',
  'Labels for the "Oval" table', 'Справка за годишния преглед',
] as const

/** Dates and whole numbers at the ends of what their types hold. */
const ENDS = [
  { Due_Date: '0001-01-01T00:00:00Z', Due_Time: '00:00:00', Story_Points: -2_147_483_648 },
  { Due_Date: '9999-12-31T00:00:00Z', Due_Time: '23:59:59', Story_Points: 2_147_483_647 },
] as const

/** Cases of the staff, some below others, and the hours spent on them. The first two hold the ends of their types. */
export function seedCases(seeder: Seeder, { home, users }: Parties): void {
  const { random } = seeder
  const people = [...users.values()]
  const cases: string[] = []
  for (let index = 0; index < 40; index += 1) {
    const id = seeder.guid()
    const today = Math.floor((index / 40) * DAYS)
    seeder.write('Apm_Cases', {
      Case_Id: id, Case_Number: index + 1, Title: random.pick(TITLES), Owner_User: random.pick(people),
      Assigned_To_User_Id: random.oneIn(4) ? null : random.pick(people), Creation_Time_Utc: moment(today, 32_000 + index),
      Description: random.oneIn(2) ? 'Както говорихме / as we said.' : null, Stakeholder_Party_Id: home.party,
      Due_Date: day(today + 10), Due_Time: random.oneIn(3) ? null : '17:30:00', Estimated_Time_Hours: '2.50',
      Parent_Case_Id: random.oneIn(3) ? cases[0] ?? null : null, Priority: random.between(1, 7),
      Story_Points: random.oneIn(3) ? null : random.pick([1, 2, 3, 5, 8]), System_State: String(random.between(1, 7)),
      ...ENDS[index],
    })
    cases.push(id)
    const start = random.between(8, 16)
    seeder.write('Apm_Time_Entries', {
      Time_Entry_Id: seeder.guid(), Case_Id: id, User_Id: random.pick(people), Date: day(today + 1),
      Start_Time: `${String(start).padStart(2, '0')}:05:09`,
      End_Time: random.oneIn(5) ? null : `${String(start + 1).padStart(2, '0')}:45:00`,
      Notes: random.oneIn(3) ? 'По телефона' : null,
    })
  }
}
