//! Small progress bars and sparklines.

use chrono::TimeDelta;

/// Returns the elapsed part of the typical time as `▰▰▰▱`, in this number of cells. A full gauge does not mean done,
/// only that the typical time has passed.
pub(crate) fn gauge(passed: TimeDelta, usual: TimeDelta, cells: u32) -> String {
    let cells = i64::from(cells.max(2));
    let usual = usual.num_milliseconds().max(1);
    let passed = passed.num_milliseconds().clamp(0, usual);
    // Rounded to the nearest cell: half of the cells at half the time. The first cell is full immediately, because
    // work has started, and the last one only when the typical time has passed.
    let nearest = (passed.saturating_mul(2 * cells) / usual).midpoint(1);
    let full = if passed == usual {
        cells
    } else {
        nearest.clamp(1, cells - 1)
    };
    (0..cells).map(|cell| if cell < full { '▰' } else { '▱' }).collect()
}

/// Returns a fraction as `▰▰▱▱`, in this number of cells. Any amount fills the first cell, and only the whole fills the
/// last.
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
        let at = |passed| gauge(TimeDelta::seconds(passed), TimeDelta::seconds(8), 4);
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
        // Slightly before half the time, the gauge already shows half.
        let moment = |millis| gauge(TimeDelta::milliseconds(millis), TimeDelta::milliseconds(9_000), 4);
        assert_eq!(
            [3_374, 3_375, 4_000, 4_499, 8_999].map(moment),
            ["▰▱▱▱", "▰▰▱▱", "▰▰▱▱", "▰▰▱▱", "▰▰▰▱"]
        );
        assert_eq!(gauge(TimeDelta::seconds(1), TimeDelta::zero(), 4), "▰▰▰▰");
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
