//! A small measure of how far something is.

use chrono::TimeDelta;

/// The cells of the measure.
const CELLS: i64 = 4;

/// `▰▰▰▱`: how much of the usual time has passed. Full does not mean done; it means that the usual time is over.
pub(crate) fn gauge(passed: TimeDelta, usual: TimeDelta) -> String {
    let usual = usual.num_milliseconds().max(1);
    let passed = passed.num_milliseconds().clamp(0, usual);
    // The first cell is full at once: it has begun. The last one only when the usual time is over.
    let full = (passed.saturating_mul(CELLS) / usual).max(1);
    (0..CELLS).map(|cell| if cell < full { '▰' } else { '▱' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_with_the_usual_time() {
        let at = |passed| gauge(TimeDelta::seconds(passed), TimeDelta::seconds(8));
        assert_eq!(
            [-5, 0, 2, 5, 6, 8, 99].map(at),
            ["▰▱▱▱", "▰▱▱▱", "▰▱▱▱", "▰▰▱▱", "▰▰▰▱", "▰▰▰▰", "▰▰▰▰"]
        );
        assert_eq!(gauge(TimeDelta::seconds(1), TimeDelta::zero()), "▰▰▰▰");
    }
}
