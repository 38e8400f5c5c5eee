/**
 * The instance's clock. A test moves it on, and the quirk `clock-skew` sets it ahead of the world's or behind.
 * Everything in this process that judges by time asks `Date.now()`, the provider library too; so that is what moves.
 */
const realNow = Date.now
let advancedSeconds = 0

/** @param skew how many seconds this clock is ahead of the world's */
export function startClock(skew: () => number): void {
  Date.now = () => realNow() + (advancedSeconds + skew()) * 1000
}

export function advanceClock(seconds: number): void {
  advancedSeconds += seconds
}
