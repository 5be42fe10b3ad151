//! Detects text that got into a list by accident: folders listed by a shell, and local file names.

/// The folders in the root of a file system. A shell expands an unquoted `/*` to these.
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

/// How many different root folders a list must contain to rule out coincidence.
pub(crate) const SHELL_EVIDENCE: u32 = 5;

/// The Windows folders that Unix-style shells use as their root and therefore prepend to a path.
const UNIX_ROOTS: [&str; 5] = [
    "Program Files/Git/",
    "Program Files (x86)/Git/",
    "msys64/",
    "msys32/",
    "Git/",
];

/// Returns which root folder of a file system the text names, as a bit.
pub(crate) fn root_folder(text: &str) -> Option<u32> {
    if text.len() > 13 {
        return None;
    }
    let at = ROOT_FOLDERS.iter().position(|&folder| folder == text)?;
    1_u32.checked_shl(u32::try_from(at).ok()?)
}

/// Returns whether the words of one line are the root folders of a file system.
pub(super) fn is_shell_expansion(text: &str) -> bool {
    let mut seen = 0;
    for word in text.split_whitespace() {
        let Some(bit) = root_folder(word) else { return false };
        seen |= bit;
    }
    seen.count_ones() >= SHELL_EVIDENCE
}

/// Returns whether the text is a Windows file path.
pub(super) fn is_windows_path(text: &str) -> bool {
    text.starts_with(r"\\") || after_drive(text).is_some()
}

/// Returns the path that a Unix-style shell has converted to this Windows path.
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
    fn what_git_bash_made_of_a_path_is_known() {
        let before = |text| before_windows(text);
        assert_eq!(before("C:/Program Files/Git/images/*").as_deref(), Some("/images/*"));
        assert_eq!(before(r"c:\program files\git\a").as_deref(), Some("/a"));
        assert_eq!(before("/C:/Program Files/Git/").as_deref(), Some("/"));
        assert_eq!(before("C:/site/index.html"), None);
        assert!(is_windows_path(r"\\server\share\a") && is_windows_path("C:/x") && !is_windows_path("/a:b/c"));
    }
}
