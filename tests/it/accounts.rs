//! Which credentials are used for every kind of profile, whatever else is configured: the identity, or the exit code
//! and the message. Each case includes what botocore returns in the same home folder; if Python has botocore, it is run
//! for comparison.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use invalidash::emulator::Options;
use serde_json::{Value, json};

use crate::support::aws::{Aws, TOKEN, login_place, role_id};
use crate::support::command::{Home, Run};
use crate::support::loopback::Loopback;

/// One home with profiles of every kind.
const CONFIG: &str = "
[default]
region = eu-west-1
[profile process]
credential_process = sh ~/keys.sh
[profile fails]
credential_process = sh ~/fails.sh
[profile keys-and-process]
credential_process = sh ~/keys.sh
[profile config-keys-and-process]
aws_access_key_id = AKIACONFIG0000000000
aws_secret_access_key = CANARY-secret-config
credential_process = sh ~/keys.sh
[profile keys-and-login]
login_session = arn:aws:sts::123456789012:assumed-role/r/u
[profile sso]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Deploy
[profile legacy]
sso_start_url = https://old.example/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Deploy
[profile out]
sso_start_url = https://other.example/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Deploy
[profile half]
sso_session = corp
sso_account_id = 123456789012
[profile lost]
sso_session = none
sso_account_id = 123456789012
sso_role_name = Deploy
[profile sso-and-keys]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Deploy
[profile session-and-keys]
sso_session = corp
[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
sso_registration_scopes = sso:account:access
[profile spaced]
sso_session = my corp's
sso_account_id = 123456789012
sso_role_name = Deploy
[sso-session my\\ corp\\'s]
sso_start_url = https://spaced.example/start
sso_region = eu-west-1
[profile role]
role_arn = arn:aws:iam::123456789012:role/plain
source_profile = keys
[profile two-roles]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = role
external_id = secret-handshake
role_session_name = ada
duration_seconds = 900
[profile of-itself]
role_arn = arn:aws:iam::123456789012:role/itself
source_profile = of-itself
[profile of-process]
role_arn = arn:aws:iam::123456789012:role/process
source_profile = process
[profile of-sso]
role_arn = arn:aws:iam::123456789012:role/sso
source_profile = sso
[profile of-keys-with-role]
role_arn = arn:aws:iam::123456789012:role/outer
source_profile = of-itself
[profile of-environment]
role_arn = arn:aws:iam::123456789012:role/environment
credential_source = Environment
[profile of-container]
role_arn = arn:aws:iam::123456789012:role/container
credential_source = EcsContainer
[profile of-nobody]
role_arn = arn:aws:iam::123456789012:role/nobody
source_profile = gone
[profile of-nothing]
role_arn = arn:aws:iam::123456789012:role/nothing
[profile of-both]
role_arn = arn:aws:iam::123456789012:role/both
source_profile = keys
credential_source = Environment
[profile ring]
role_arn = arn:aws:iam::123456789012:role/ring
source_profile = gnir
[profile gnir]
role_arn = arn:aws:iam::123456789012:role/gnir
source_profile = ring
[profile forbidden]
role_arn = arn:aws:iam::123456789012:role/forbidden
source_profile = keys
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/guarded
source_profile = keys
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile of-mfa]
role_arn = arn:aws:iam::123456789012:role/beyond
source_profile = mfa
[profile serial-and-keys]
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile token]
role_arn = arn:aws:iam::123456789012:role/web
web_identity_token_file = ~/token
[profile empty]
region = eu-west-1
";

const KEYED: [&str; 9] = [
    "default",
    "keys",
    "prod",
    "keys-and-process",
    "keys-and-login",
    "sso-and-keys",
    "session-and-keys",
    "of-itself",
    "serial-and-keys",
];

/// The id of the keys that stand in the credentials file for a profile.
fn key(profile: &str) -> String {
    format!("{:0<20}", format!("AKIA{}", profile.to_uppercase().replace('-', "")))
}

/// What a run ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ends {
    /// It asked CloudFront with the keys of this id.
    With(String),
    /// With this code, and a sentence that says so.
    Badly(i32, &'static str),
}

use Ends::{Badly, With};

/// What botocore answers in the same home.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Botocore {
    /// The same keys, or none either.
    Same,
    /// Something else, for a reason: these keys.
    Other(Option<String>),
    /// It cannot be asked here: it would ask in a terminal, or needs what is not installed.
    NotAsked,
}

use Botocore::{NotAsked, Other, Same};

struct Row {
    profile: Option<&'static str>,
    variables: Vec<(&'static str, &'static str)>,
    ends: Ends,
    botocore: Botocore,
}

fn row(profile: &'static str, variables: &[(&'static str, &'static str)], ends: Ends, botocore: Botocore) -> Row {
    Row {
        profile: (!profile.is_empty()).then_some(profile),
        variables: variables.to_vec(),
        ends,
        botocore,
    }
}

const VARIABLES: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT00000"),
    ("AWS_SECRET_ACCESS_KEY", "CANARY-secret-environment"),
];

/// `~` is the home.
const WEB: [(&str, &str); 2] = [
    ("AWS_WEB_IDENTITY_TOKEN_FILE", "~/token"),
    ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/by-token"),
];

const CONTAINER: [(&str, &str); 1] = [("AWS_CONTAINER_CREDENTIALS_FULL_URI", "@/ecs")];

const MACHINE: [(&str, &str); 2] = [
    ("AWS_EC2_METADATA_DISABLED", "false"),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "@"),
];

/// A proxy where nobody listens: keys that are fetched from this machine never go through one.
const PROXY: (&str, &str) = ("HTTP_PROXY", "http://127.0.0.1:1");

fn file_rows() -> Vec<Row> {
    let with = |profile| With(key(profile));
    let process = || With("AKIAPROCESS000000000".to_owned());
    let sso = || With("ASIASSO0000000000000".to_owned());
    let expired = "Run `aws sso login --profile out`, then try again";
    vec![
        row("", &[], with("default"), Same),
        row("keys", &[], with("keys"), Same),
        row("process", &[], process(), Same),
        row("keys-and-process", &[], with("keys-and-process"), Same),
        row("config-keys-and-process", &[], process(), Same),
        row("keys-and-login", &[], with("keys-and-login"), Same),
        row("serial-and-keys", &[], with("serial-and-keys"), Same),
        row("sso", &[], sso(), Same),
        row("legacy", &[], sso(), Same),
        row("spaced", &[], sso(), Same),
        row("sso-and-keys", &[], sso(), Same),
        row("session-and-keys", &[], with("session-and-keys"), Same),
        row("out", &[], Badly(4, expired), Same),
        row(
            "half",
            &[],
            Badly(4, "`sso_account_id` is set, then `sso_role_name` must also be set"),
            Same,
        ),
        row("lost", &[], Badly(4, "sso-session named `none`"), Same),
        row(
            "fails",
            &[],
            Badly(4, "the credential process 'sh' failed (exit status: 3): no luck"),
            Same,
        ),
        row("empty", &[], Badly(4, "no credentials for profile empty"), Same),
        row("token", &[], With(role_id("web")), Same),
    ]
}

fn role_rows() -> Vec<Row> {
    let role = |name| With(role_id(name));
    let code = "needs a code from MFA device arn:aws:iam::123456789012:mfa/ada. Run `aws sts get-caller-identity \
        --profile mfa` and enter it there, then try again";
    let beyond = "needs a code from MFA device arn:aws:iam::123456789012:mfa/ada. Run `aws sts get-caller-identity \
        --profile of-mfa` and enter it there";
    vec![
        row("role", &[], role("plain"), Same),
        row("two-roles", &[], role("second"), Same),
        row("of-itself", &[], role("itself"), Same),
        row("of-process", &[], role("process"), Same),
        row("of-sso", &[], role("sso"), Same),
        row("of-keys-with-role", &[], role("outer"), Same),
        row("of-environment", &VARIABLES, role("environment"), Same),
        row("of-environment", &[], Badly(4, "environment variable not set"), Same),
        row("of-container", &CONTAINER, role("container"), Same),
        row("of-nobody", &[], Badly(4, "gone"), Same),
        row("of-nobody", &CONTAINER, Badly(4, "gone"), Same),
        row("lost", &CONTAINER, Badly(4, "sso-session named `none`"), Same),
        row("half", &CONTAINER, Badly(4, "sso_role_name"), Same),
        row("out", &CONTAINER, Badly(4, "aws sso login --profile out"), Same),
        row("of-nothing", &[], Badly(4, "neither were defined"), Same),
        row("of-both", &[], Badly(4, "both"), Same),
        row("ring", &[], Badly(4, "infinite loop"), Same),
        row(
            "forbidden",
            &[],
            Badly(4, "not authorized to perform: sts:AssumeRole on resource"),
            Same,
        ),
        row("mfa", &[], Badly(4, code), NotAsked),
        row("of-mfa", &[], Badly(4, beyond), NotAsked),
    ]
}

fn variable_rows() -> Vec<Row> {
    let with = |profile| With(key(profile));
    let environment = || With("AKIAENVIRONMENT00000".to_owned());
    let token = || With(role_id("by-token"));
    let both = [&WEB[..], &[("AWS_PROFILE", "keys")]].concat();
    let of_role = [&WEB[..], &[("AWS_PROFILE", "role")]].concat();
    let all = [&WEB[..], &VARIABLES].concat();
    let old = [("AWS_SECURITY_TOKEN", "CANARY-old-token")];
    let profiles = [("AWS_PROFILE", "keys"), ("AWS_DEFAULT_PROFILE", "prod")];
    vec![
        row("", &VARIABLES, environment(), Same),
        row(
            "",
            &[&VARIABLES[..], &[("AWS_PROFILE", "keys")]].concat(),
            environment(),
            Same,
        ),
        row("", &[&VARIABLES[..], &old].concat(), environment(), Same),
        row("keys", &VARIABLES, with("keys"), Same),
        row("", &[("AWS_PROFILE", "keys")], with("keys"), Same),
        row("", &[("AWS_DEFAULT_PROFILE", "prod")], with("prod"), Same),
        // Version 2 of the AWS CLI and the SDKs take the first; version 1, which botocore is of, the second.
        row("", &profiles, with("keys"), Other(Some(key("prod")))),
        row("", &WEB, token(), Same),
        row("", &both, token(), Same),
        row("", &of_role, With(role_id("plain")), Same),
        row("", &all, environment(), Same),
        row("keys", &WEB, with("keys"), Same),
        row("empty", &WEB, Badly(4, "no credentials for profile empty"), Same),
        row("empty", &CONTAINER, With("ASIAECS0000000000000".to_owned()), Same),
        row("empty", &MACHINE, With("ASIAIMDS000000000000".to_owned()), Same),
        row(
            "empty",
            &behind(&CONTAINER),
            With("ASIAECS0000000000000".to_owned()),
            Same,
        ),
        // botocore goes through the proxy, which would answer with the keys of its own machine.
        row(
            "empty",
            &behind(&MACHINE),
            With("ASIAIMDS000000000000".to_owned()),
            Other(None),
        ),
        row("", &CONTAINER, with("default"), Same),
        // We refuse it: whoever sets one of both means another account than the profile's.
        row("", &[VARIABLES[0]], Badly(4, "AWS_SECRET_ACCESS_KEY is not"), Same),
    ]
}

fn behind(variables: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    [variables, &[PROXY]].concat()
}

/// A home with the profiles, a login, a token and two programs.
fn home() -> Home {
    let home = Home::new().unwrap();
    let section = |profile: &str| {
        let id = key(profile);
        format!("[{profile}]\naws_access_key_id = {id}\naws_secret_access_key = CANARY-secret-of-{id}\n")
    };
    let credentials: Vec<String> = KEYED.into_iter().map(section).collect();
    let config = CONFIG.replace('~', &home.path().to_string_lossy());
    home.write(".aws/config", config).unwrap();
    home.write(".aws/credentials", credentials.concat()).unwrap();
    home.write("token", "CANARY-web-token").unwrap();
    home.write("fails.sh", "echo no luck >&2; exit 3").unwrap();
    let keys = r#"{"Version":1,"AccessKeyId":"AKIAPROCESS000000000","SecretAccessKey":"CANARY-secret-of-process"}"#;
    home.write("keys.sh", format!("echo '{keys}'")).unwrap();
    for (name, url, token, until) in [
        ("corp", "https://corp.example/start", TOKEN, 2999),
        ("https://old.example/start", "https://old.example/start", TOKEN, 2999),
        ("my corp's", "https://spaced.example/start", TOKEN, 2999),
        (
            "https://other.example/start",
            "https://other.example/start",
            "CANARY-ended",
            2020,
        ),
    ] {
        let until = format!("{until}-01-01T00:00:00Z");
        let token = json!({"startUrl": url, "region": "eu-west-1", "accessToken": token, "expiresAt": until});
        home.write(&login_place(name), token.to_string()).unwrap();
    }
    home
}

fn value(text: &str, home: &Home, aws: &Aws) -> String {
    text.replace('~', &home.path().to_string_lossy()).replace('@', &aws.url)
}

fn run(row: &Row, home: &Home, aws: &Aws, served: &Loopback) -> Run {
    let mut arguments = vec!["--endpoint-url", served.url.as_str()];
    arguments.extend(row.profile.iter().flat_map(|profile| ["--profile", profile]));
    arguments.push("distributions");
    let mut command = home.command(&arguments);
    command.envs(aws.variables());
    for (name, text) in &row.variables {
        command.env(name, value(text, home, aws));
    }
    Home::ended(home, command.output().unwrap())
}

fn check(rows: &[Row]) {
    let (aws, home) = (Aws::new().unwrap(), home());
    let served = Loopback::new(Options::demo()).unwrap();
    for row in rows {
        let wanted = match &row.ends {
            With(id) => id.clone(),
            Badly(..) => "nobody".to_owned(),
        };
        served.emulator.configure(|settings| settings.only_key = Some(wanted));
        let ended = run(row, &home, &aws, &served);
        let about = format!("{:?} {:?}: {ended:?}", row.profile, row.variables);
        match &row.ends {
            With(_) => assert_eq!(ended.code, Some(0), "{about}"),
            Badly(code, sentence) => {
                assert_eq!(ended.code, Some(*code), "{about}");
                assert!(ended.err.contains(sentence), "{about}");
            }
        }
        assert!(!format!("{ended:?}").contains("CANARY"), "{about}");
    }
    for agent in aws.agents() {
        assert_eq!(agent.matches("app/invalidash-").count(), 1, "{agent}");
    }
    ask_botocore(rows, &home, &aws);
}

/// Asks botocore for each row, where Python has it.
const ASK: &str = r"
import json, os, sys
try:
    import botocore.session, botocore.credentials
except ImportError:
    sys.exit(9)
rows, answers = json.load(sys.stdin), []
base = {k: v for k, v in os.environ.items() if not k.startswith('AWS_')}
for row in rows:
    os.environ.clear(); os.environ.update(base); os.environ.update(row['variables'])
    try:
        session = botocore.session.Session(profile=row['profile'])
        keys = session.get_credentials()
        answers.append(keys and keys.get_frozen_credentials().access_key)
    except Exception as error:
        print(row['profile'], repr(error), file=sys.stderr)
        answers.append(None)
print(json.dumps(answers))
";

fn ask_botocore(rows: &[Row], home: &Home, aws: &Aws) {
    let asked: Vec<&Row> = rows.iter().filter(|row| row.botocore != NotAsked).collect();
    let questions: Vec<Value> = asked.iter().map(|row| question(row, home, aws)).collect();
    let python = Command::new("python3")
        .args(["-c", ASK])
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else { return };
    python
        .stdin
        .take()
        .unwrap()
        .write_all(Value::from(questions).to_string().as_bytes())
        .unwrap();
    let answered = python.wait_with_output().unwrap();
    if answered.status.code() == Some(9) {
        return;
    }
    let answers: Vec<Option<String>> = serde_json::from_slice(&answered.stdout).unwrap();
    for (row, answer) in asked.iter().zip(answers) {
        let expected = match (&row.botocore, &row.ends) {
            (Other(id), _) => id.clone(),
            (_, With(id)) => Some(id.clone()),
            (_, Badly(..)) => None,
        };
        let said = String::from_utf8_lossy(&answered.stderr);
        assert_eq!(
            answer, expected,
            "botocore: {:?} {:?}: {said}",
            row.profile, row.variables
        );
    }
}

fn question(row: &Row, home: &Home, aws: &Aws) -> Value {
    let mut variables: serde_json::Map<String, Value> = serde_json::Map::new();
    variables.insert("AWS_EC2_METADATA_DISABLED".to_owned(), "true".into());
    variables.insert("AWS_DEFAULT_REGION".to_owned(), "eu-west-1".into());
    variables.extend(
        aws.variables()
            .into_iter()
            .map(|(name, url)| (name.to_owned(), url.into())),
    );
    variables.extend(
        row.variables
            .iter()
            .map(|(name, text)| ((*name).to_owned(), value(text, home, aws).into())),
    );
    json!({"profile": row.profile, "variables": variables})
}

#[test]
fn what_stands_in_the_files_is_taken_in_the_aws_clis_order() {
    check(&file_rows());
}

#[test]
fn roles_are_assumed_with_the_keys_of_their_lenders() {
    check(&role_rows());
}

#[test]
fn variables_count_before_a_profile_that_nobody_named() {
    check(&variable_rows());
}
