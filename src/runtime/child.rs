//! The programs that this one starts, and what they find in their environment: everything but credentials. An editor's
//! plug-in, a person's own command or whatever a repository makes git run needs none of ours.

use std::ffi::OsStr;
use std::process::Command;

/// A program to start, by its name or its path, without the credentials of this environment.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_credential) {
            command.env_remove(name);
        }
    }
    command
}

/// A `credential_process`, which finds the whole environment: credentials are its trade.
pub(super) fn for_credentials(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Whether a variable holds credentials of AWS, or tells how to get them without asking anybody: keys, tokens, and the
/// addresses and files of those that hand them out. What only tells a profile, a region or a file of settings stays.
fn is_credential(name: &str) -> bool {
    let words = ["KEY", "SECRET", "TOKEN", "CREDENTIALS", "PASSWORD"];
    let name = name.to_ascii_uppercase();
    let names_one = words.iter().any(|word| name.split('_').any(|part| part == *word));
    name.starts_with("AWS_") && names_one && name != "AWS_SHARED_CREDENTIALS_FILE"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_and_settings_stay() {
        let gone = [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_SECURITY_TOKEN",
            "AWS_SECRET_KEY",
            "aws_secret_access_key",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_BEARER_TOKEN_BEDROCK",
        ];
        let stay = [
            "AWS_PROFILE",
            "AWS_REGION",
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_ENDPOINT_URL",
            "AWS_CREDENTIAL_EXPIRATION",
            "AWS_ROLE_ARN",
            "HOME",
            "SSH_AUTH_SOCK",
        ];
        assert!(gone.iter().all(|name| is_credential(name)));
        assert!(!stay.iter().any(|name| is_credential(name)));
    }
}
