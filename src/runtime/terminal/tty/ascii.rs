//! What the screen's own signs are in ASCII: for fonts that do not have them, and for terminals that draw them two columns
//! wide and so break every frame.

/// The sign as one column of ASCII, if it is one of those that the screen draws itself.
pub(super) fn of(symbol: &str) -> Option<&'static str> {
    let mut characters = symbol.chars();
    let (Some(sign), None) = (characters.next(), characters.next()) else {
        return None;
    };
    Some(match sign {
        '─' | '━' | '═' | '–' | '—' | '╌' => "-",
        '│' | '┃' | '║' | '┆' | '▌' | '▐' | '▏' | '▎' => "|",
        '╭' | '╮' | '╰' | '╯' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => "+",
        '▰' | '█' | '▉' | '▊' | '▇' | '▆' | '▓' => "#",
        '▋' | '▅' | '▄' | '▃' | '▒' | '■' => "=",
        '▂' | '▁' | '␣' => "_",
        '▱' | '░' | '·' | '○' | '◌' => ".",
        '●' | '•' | '★' | '◆' => "*",
        '☆' | '◇' => "o",
        '✗' | '✘' | '×' => "x",
        '→' | '›' | '▶' | '▸' | '»' | '…' => ">",
        '←' | '‹' | '◀' | '«' => "<",
        '↑' | '▲' | '△' => "^",
        '✓' | '✔' | '↓' | '▼' | '▽' => "v",
        '↵' | '⏎' | '≈' => "~",
        '⚠' => "!",
        '“' | '”' => "\"",
        '‘' | '’' => "'",
        _ => return None,
    })
}
