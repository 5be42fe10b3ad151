//! Small progress bars and sparklines.

use chrono::TimeDelta;

/// Returns the elapsed part of the typical time as `▰▰▰`, and the rest of the cells as `▱▱`. The bar never fills,
/// because a full bar would look like a completed invalidation.
pub(crate) fn progress(passed: TimeDelta, usual: TimeDelta, cells: usize) -> [String; 2] {
    let cells = cells.max(2);
    let usual = usual.num_milliseconds().max(1);
    let passed = passed.num_milliseconds().clamp(0, usual);
    let twice = passed.saturating_mul(i64::try_from(2 * cells).unwrap_or(i64::MAX)) / usual;
    // The number of full cells is rounded to the nearest integer: half of them at half the time. The first cell is full
    // immediately, because work has started, and the last one never.
    let nearest = usize::try_from(twice).unwrap_or(0).div_ceil(2);
    let full = nearest.clamp(1, cells - 1);
    ["▰".repeat(full), "▱".repeat(cells - full)]
}

/// Returns a fraction as `▰▰▱▱`, in this many cells. Any nonzero amount fills the first cell, and only the whole fills
/// the last.
pub(crate) fn share(part: u64, whole: u64, cells: u64) -> String {
    let (whole, cells) = (whole.max(1), cells.max(2));
    let full = match part.min(whole) {
        0 => 0,
        part if part == whole => cells,
        part => (part * cells / whole).clamp(1, cells - 1),
    };
    (0..cells).map(|cell| if cell < full { '▰' } else { '▱' }).collect()
}

/// Returns durations as `▂▃▂█▂`, one column each, relative to the longest.
pub(crate) fn sparkline(spans: &[TimeDelta]) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let longest = spans.iter().map(TimeDelta::num_milliseconds).max().unwrap_or(0).max(1);
    let level = |span: &TimeDelta| span.num_milliseconds().max(0).saturating_mul(7) / longest;
    let level = |span| usize::try_from(level(span)).unwrap_or(0).min(7);
    spans.iter().map(|span| LEVELS[level(span)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fills_with_the_usual_time() {
        let at = |passed| progress(TimeDelta::milliseconds(passed), TimeDelta::seconds(8), 4).concat();
        assert_eq!(
            [-5_000, 0, 2_000, 2_500, 4_000, 5_100, 7_999, 8_000, 99_000].map(at),
            ["▰▱▱▱", "▰▱▱▱", "▰▱▱▱", "▰▱▱▱", "▰▰▱▱", "▰▰▰▱", "▰▰▰▱", "▰▰▰▱", "▰▰▰▱"]
        );
        assert_eq!(progress(TimeDelta::seconds(1), TimeDelta::zero(), 4).concat(), "▰▰▰▱");
    }

    #[test]
    fn a_share_and_a_line_say_what_they_are_made_of() {
        let shares = [0, 1, 212, 500, 999, 1_000, 5_000].map(|part| share(part, 1_000, 10));
        assert_eq!(
            shares,
            [
                "▱▱▱▱▱▱▱▱▱▱",
                "▰▱▱▱▱▱▱▱▱▱",
                "▰▰▱▱▱▱▱▱▱▱",
                "▰▰▰▰▰▱▱▱▱▱",
                "▰▰▰▰▰▰▰▰▰▱",
                "▰▰▰▰▰▰▰▰▰▰",
                "▰▰▰▰▰▰▰▰▰▰"
            ]
        );
        assert_eq!(sparkline(&[9, 11, 8, 21, 0, -3].map(TimeDelta::seconds)), "▄▄▃█▁▁");
        assert_eq!(sparkline(&[]), "");
    }
}
