use std::time::Duration;

use super::*;

/// An error like those of the SDK: text with a cause.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Told {
    text: &'static str,
    source: Option<Box<dyn Error + Send + Sync>>,
}

fn told(texts: &[&'static str]) -> Box<dyn Error + Send + Sync> {
    let none = None::<Box<dyn Error + Send + Sync>>;
    let chain = texts
        .iter()
        .rev()
        .fold(none, |source, &text| Some(Box::new(Told { text, source })));
    chain.unwrap_or_else(|| "nothing".into())
}

fn sso() -> Login {
    Login::Sso {
        profile: "lender".to_owned(),
        portal: Err(String::new()),
    }
}

fn console() -> Login {
    Login::Console("prod".to_owned())
}

fn after(error: &CredentialsError, login: &Login, profile: &str) -> String {
    let whose = Whose {
        profile,
        login,
        trouble: None,
        proxy: None,
    };
    let class = match failure(error, &whose) {
        Failure::Credentials(text) => ("credentials", text),
        Failure::Unreachable(text) => ("unreachable", text),
        other => ("other", other.to_string()),
    };
    format!("{}: {}", class.0, class.1)
}

#[test]
fn a_login_that_ended_is_told_with_its_command() {
    let rows: [(&[&'static str], Login, &str); 6] = [
        (
            &["the SSO token has expired and cannot be refreshed"],
            sso(),
            "aws sso login --profile lender",
        ),
        (
            &[
                "failed to load the cached SSO token",
                "failed to read `~/.aws/sso/cache/1.json`",
            ],
            sso(),
            "aws sso login --profile lender",
        ),
        (
            &[
                "service error",
                "UnauthorizedException: Session token not found or invalid",
            ],
            sso(),
            "aws sso login --profile lender",
        ),
        (
            &["cached Login token is expired"],
            console(),
            "aws login --profile prod",
        ),
        (
            &["failed to refresh cached Login token: Your session has expired. Please reauthenticate."],
            Login::Console("default".to_owned()),
            "aws login",
        ),
        (
            &["failed to read `~/.aws/login/cache/1.json`"],
            console(),
            "aws login --profile prod",
        ),
    ];
    for (texts, login, command) in rows {
        let error = CredentialsError::provider_error(told(texts));
        let deepest = texts.last().copied().unwrap_or_default();
        let expected = format!(
            "credentials: no valid login for profile prod ({deepest}). Run `{command}`, \
                then try again"
        );
        assert_eq!(after(&error, &login, "prod"), expected);
    }
}

#[test]
fn what_no_login_helps_is_told_as_it_is() {
    let broken = CredentialsError::invalid_configuration(told(&["profile formed an infinite\n loop\u{1b}[2J"]));
    let expected = "credentials: the credentials for profile prod cannot be loaded (profile formed an infinite \
        loop\\x1b[2J). Correct the profile, then try again";
    assert_eq!(after(&broken, &sso(), "prod"), expected);
    let slow = CredentialsError::provider_timed_out(Duration::from_mins(1));
    let expected = "credentials: the credentials for profile prod did not arrive within 60 seconds. Check the \
        network or the program that provides them, then try again";
    assert_eq!(after(&slow, &sso(), "prod"), expected);
    let none = CredentialsError::not_loaded_no_source();
    let expected = "credentials: no credentials for profile default. Run `aws configure`, `aws sso \
        login` or `aws login`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    assert_eq!(after(&none, &Login::Other, "default"), expected);
}

#[test]
fn a_server_out_of_reach_is_no_reason_to_log_in() {
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    let error = CredentialsError::provider_error(ConnectorError::io(refused.into()));
    let expected =
        "unreachable: the credential service for profile prod cannot be reached: connection refused. Check the network";
    assert_eq!(after(&error, &sso(), "prod"), expected);
}

#[test]
fn a_long_cause_is_cut() {
    let text: &'static str = "x".repeat(10_000).leak();
    let sentence = after(&CredentialsError::unhandled(told(&[text])), &Login::Other, "prod");
    assert!(sentence.len() < LONGEST + 200, "{}", sentence.len());
}

/// Returns an error with a service's code and message, as the SDK represents it.
fn answered(code: &str, message: &str) -> CredentialsError {
    CredentialsError::provider_error(ErrorMetadata::builder().code(code).message(message).build())
}

#[test]
fn trouble_of_a_service_is_no_reason_to_log_in() {
    for login in [sso(), console(), Login::Other] {
        for (code, why) in [
            (
                "TooManyRequestsException",
                "The service is receiving too many requests. ",
            ),
            ("InternalServerException", "The service had an internal error. "),
        ] {
            let expected = format!(
                "unreachable: the credential service for profile prod returned no usable response \
                    ({code}: \
                    later). {why}Try again in a moment"
            );
            assert_eq!(after(&answered(code, "later"), &login, "prod"), expected);
        }
        let unhandled = CredentialsError::provider_error(told(&["service error", "unhandled error"]));
        let sentence = after(&unhandled, &Login::Other, "prod");
        assert!(sentence.starts_with("unreachable: "), "{sentence}");
    }
}

#[test]
fn a_refusal_says_why_and_what_to_do_and_never_as_a_structure() {
    let denied = answered(
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole on resource: \
         arn:aws:iam::210987654321:role/deploy",
    );
    let sentence = after(&denied, &Login::Other, "prod");
    assert!(
        sentence.contains("(AccessDenied: User: arn:aws:iam::123456789012:user/ci")
            && sentence.contains("trust policy"),
        "{sentence}"
    );
    let unassigned = after(&answered("ForbiddenException", "No access"), &sso(), "prod");
    assert!(unassigned.contains("sso_role_name"), "{unassigned}");
    let expired = after(&answered("ExpiredTokenException", "x"), &console(), "prod");
    assert!(expired.contains("Run `aws login --profile prod`"), "{expired}");
    for sentence in [sentence, unassigned, expired] {
        assert!(!sentence.contains("Error {"), "{sentence}");
    }
}
