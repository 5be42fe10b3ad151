//! A small measure of how far something is.

use chrono::TimeDelta;

/// The cells of the measure.
const CELLS: i64 = 4;

/// `▰▰▰▱`: how much of the usual time has passed. Full does not mean done; it means that the usual time is over.
pub(crate) fn gauge(passed: TimeDelta, usual: TimeDelta) -> String {
    let usual = usual.num_milliseconds().max(1);
    let passed = passed.num_milliseconds().clamp(0, usual);
    // To the nearest cell: half of them at half time. The first one is full at once, since it has begun, and the last one
    // only when the usual time is over.
    let nearest = (passed.saturating_mul(2 * CELLS) / usual).midpoint(1);
    let full = if passed == usual {
        CELLS
    } else {
        nearest.clamp(1, CELLS - 1)
    };
    (0..CELLS).map(|cell| if cell < full { '▰' } else { '▱' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_with_the_usual_time() {
        let at = |passed| gauge(TimeDelta::seconds(passed), TimeDelta::seconds(8));
        assert_eq!(
            [-5, 0, 2, 3, 4, 5, 6, 7, 8, 99].map(at),
            [
                "▰▱▱▱",
                "▰▱▱▱",
                "▰▱▱▱",
                "▰▰▱▱",
                "▰▰▱▱",
                "▰▰▰▱",
                "▰▰▰▱",
                "▰▰▰▱",
                "▰▰▰▰",
                "▰▰▰▰"
            ]
        );
        // A moment before half time it is as good as half.
        let moment = |millis| gauge(TimeDelta::milliseconds(millis), TimeDelta::milliseconds(9_000));
        assert_eq!(
            [3_374, 3_375, 4_000, 4_499, 8_999].map(moment),
            ["▰▱▱▱", "▰▰▱▱", "▰▰▱▱", "▰▰▱▱", "▰▰▰▱"]
        );
        assert_eq!(gauge(TimeDelta::seconds(1), TimeDelta::zero()), "▰▰▰▰");
    }
}
