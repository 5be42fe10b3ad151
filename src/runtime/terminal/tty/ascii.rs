//! ASCII replacements for the screen's own symbols, for fonts without them and for terminals that draw them two
//! columns wide, which breaks every frame.

/// Returns the one-column ASCII replacement of a symbol, if it is one of the screen's own symbols.
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
