//! What gets into a list by accident: marks of other notations, several items on a line, names of files.

use super::url::begins_address;

/// Folders that the root of a computer has: what an unquoted `/*` becomes in a shell.
const ROOT_FOLDERS: [&str; 29] = [
    "/Applications",
    "/Library",
    "/System",
    "/Users",
    "/Volumes",
    "/bin",
    "/boot",
    "/cores",
    "/dev",
    "/etc",
    "/home",
    "/lib",
    "/lib32",
    "/lib64",
    "/lost+found",
    "/media",
    "/mnt",
    "/opt",
    "/private",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/snap",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/var",
];

/// So many different root folders in one list are no accident.
pub(crate) const SHELL_EVIDENCE: u32 = 5;

/// Where Windows keeps the Unix root that its shells put before a path.
const UNIX_ROOTS: [&str; 5] = [
    "Program Files/Git/",
    "Program Files (x86)/Git/",
    "msys64/",
    "msys32/",
    "Git/",
];

/// Which folder of a computer's root this is, as a bit.
pub(crate) fn root_folder(text: &str) -> Option<u32> {
    if text.len() > 13 {
        return None;
    }
    let at = ROOT_FOLDERS.iter().position(|&folder| folder == text)?;
    1_u32.checked_shl(u32::try_from(at).ok()?)
}

/// Whether the words of one line are the root folders of a computer.
pub(super) fn is_shell_expansion(text: &str) -> bool {
    let mut seen = 0;
    for word in text.split_whitespace() {
        let Some(bit) = root_folder(word) else { return false };
        seen |= bit;
    }
    seen.count_ones() >= SHELL_EVIDENCE
}

/// Whether an item begins here, whole or as an address.
fn begins_item(text: &str) -> bool {
    text.starts_with(['/', '#']) || begins_address(text)
}

/// Whether one line seems to hold several items, found out without taking it apart.
pub(super) fn is_several(text: &str) -> bool {
    let begins = |word: &&str| begins_item(unquoted(word).unwrap_or(word));
    text.split_whitespace().filter(begins).nth(1).is_some()
}

/// The items that one line seems to hold, each with the words that follow it; `None` if it holds at most one.
pub(super) fn several(text: &str) -> Option<Vec<String>> {
    let mut items: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let bare = unquoted(word).unwrap_or(word);
        if begins_item(bare) {
            items.push(bare.to_owned());
        } else if let Some(item) = items.last_mut() {
            item.push(' ');
            item.push_str(word);
        }
    }
    (items.len() > 1).then_some(items)
}

/// The item without the quotes or the list mark of another notation; `None` if there are none around it.
pub(super) fn unlisted(text: &str) -> Option<&str> {
    let bare = ["- ", "* ", "+ ", "• "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text)
        .trim();
    let quoted = unquoted(bare);
    let bare = quoted.unwrap_or(bare).trim();
    let is_item = begins_item(bare) || quoted.is_some() || !bare.contains(char::is_whitespace);
    (bare.len() < text.len() && !bare.is_empty() && is_item).then_some(bare)
}

fn unquoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let body = text
        .strip_prefix(quote)?
        .trim_end_matches([',', ';'])
        .strip_suffix(quote)?;
    (!body.contains(quote)).then_some(body)
}

/// Whether this names a file on a Windows machine.
pub(super) fn is_windows_path(text: &str) -> bool {
    text.starts_with(r"\\") || after_drive(text).is_some()
}

/// The path that a shell from the Unix world has turned into this Windows path.
pub(super) fn before_windows(text: &str) -> Option<String> {
    let rest = after_drive(text)?.replace('\\', "/");
    let root = UNIX_ROOTS.iter().find(|root| {
        rest.get(..root.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(root))
    })?;
    rest.get(root.len() - 1..).map(str::to_owned)
}

fn after_drive(text: &str) -> Option<&str> {
    match text.strip_prefix('/').unwrap_or(text).as_bytes() {
        [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic() => text.trim_start_matches('/').get(3..),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_listing_needs_evidence() {
        assert!(is_shell_expansion("/bin /boot /dev /etc /home"));
        assert!(!is_shell_expansion("/bin /boot /dev /etc /etc"));
        assert!(!is_shell_expansion("/bin /boot /dev /etc /home /index.html"));
        assert_eq!(root_folder("/bin/x"), None);
    }

    #[test]
    fn several_items_keep_the_words_that_follow_them() {
        let lines = |text| several(text).map(|items| items.join("\n"));
        assert_eq!(lines("/a /b #c").as_deref(), Some("/a\n/b\n#c"));
        assert_eq!(lines("/a # the start page").as_deref(), Some("/a\n# the start page"));
        assert_eq!(lines(r#"--paths "/a" '/b',"#).as_deref(), Some("/a\n/b"));
        assert_eq!(
            lines("https://x.example/a https://x.example/b").as_deref(),
            Some("https://x.example/a\nhttps://x.example/b")
        );
        assert_eq!(lines("/my file.html"), None);
    }

    #[test]
    fn marks_of_other_notations_come_off() {
        for text in [r#""/a","#, "'/a'", "`/a`", "- /a", r#"- "/a""#, "* /a", "•  /a"] {
            assert_eq!(unlisted(text), Some("/a"), "{text}");
        }
        assert_eq!(unlisted("- \"images/a b.png\","), Some("images/a b.png"));
        assert_eq!(unlisted("* images/a.png"), Some("images/a.png"));
        for text in ["/a", "a", "- not a path", "/'a'", "\"/a", "\"\""] {
            assert_eq!(unlisted(text), None, "{text}");
        }
    }

    #[test]
    fn what_git_bash_made_of_a_path_is_known() {
        let before = |text| before_windows(text);
        assert_eq!(before("C:/Program Files/Git/images/*").as_deref(), Some("/images/*"));
        assert_eq!(before(r"c:\program files\git\a").as_deref(), Some("/a"));
        assert_eq!(before("/C:/Program Files/Git/").as_deref(), Some("/"));
        assert_eq!(before("C:/site/index.html"), None);
        assert!(is_windows_path(r"\\server\share\a") && is_windows_path("C:/x") && !is_windows_path("/a:b/c"));
    }
}
