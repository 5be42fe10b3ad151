//! Profile files as people and tools write them. Whatever the AWS CLI can read can be read, and damage affects only its
//! own profile. The expected names and regions are those that botocore 1.43 finds in the same files.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use invalidash::domain::profile::Profile;
use invalidash::runtime::credentials::{Connection, Environment, Options, profiles};
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    fn new(config: impl AsRef<[u8]>, credentials: impl AsRef<[u8]>) -> std::io::Result<Self> {
        let folder = TempDir::new()?;
        fs::create_dir(folder.path().join(".aws"))?;
        fs::write(folder.path().join(".aws/config"), config)?;
        fs::write(folder.path().join(".aws/credentials"), credentials)?;
        Ok(Self(folder))
    }

    fn environment(&self, variables: &[(&str, &str)]) -> Environment {
        let home = self.0.path().to_string_lossy();
        let mut all = vec![("HOME", home.as_ref()), ("AWS_EC2_METADATA_DISABLED", "true")];
        all.extend_from_slice(variables);
        Environment::of(&all)
    }

    /// Profile and region of keys that are there, or exit code and sentence.
    async fn keys(&self, profile: Option<&str>, variables: &[(&str, &str)]) -> String {
        let options = Options {
            profile: profile.map(str::to_owned),
            ..Options::default()
        };
        let loaded = match Connection::load(&options, &self.environment(variables)).await {
            Ok(connection) => connection.credentials().await.map(|()| connection),
            Err(failure) => Err(failure),
        };
        match loaded {
            Ok(connection) => format!("{} {}", connection.scope().profile, connection.region()),
            Err(failure) => {
                format!("{}: {failure}", failure.exit_code()).replace(self.0.path().to_string_lossy().as_ref(), "~")
            }
        }
    }

    async fn names(&self) -> Vec<String> {
        let listed = profiles(&self.environment(&[])).await;
        let (profiles, _) = listed.unwrap_or_default();
        profiles.into_iter().map(|profile| profile.name).collect()
    }
}

const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = CANARY-secret-0123456789\n";

const VARIABLES: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "AKIAENV"),
    ("AWS_SECRET_ACCESS_KEY", "CANARY-env-secret-0123456789"),
];

#[tokio::test]
async fn what_the_aws_cli_reads_is_read() -> std::io::Result<()> {
    for config in [
        "[default]\n  region = eu-west-1\n  output = json\n",
        "[default] # mine\nregion = eu-west-1\n",
        "[default]\nregion: eu-west-1\n",
        "[default]\r\nregion = eu-west-1\r\n",
        // There is one exception: botocore rejects a byte-order mark.
        "\u{feff}[default]\nregion = eu-west-1\n",
        "[profile default]\nregion = us-west-1\n[default]\nregion = eu-west-1\n",
        "[default]\nregion = us-west-1\n[profile default]\nregion = eu-west-1\n",
    ] {
        let home = Home::new(config, format!("[default]\n{KEYS}"))?;
        assert_eq!(home.keys(None, &[]).await, "default eu-west-1", "{config:?}");
    }
    Ok(())
}

#[tokio::test]
async fn names_that_are_quoted_or_not_ascii_are_names() -> std::io::Result<()> {
    let config = "[profile 'my prod']\nregion = eu-west-1\n[profile größe]\nregion = eu-west-2\n\
        [profile \"it's\"]\nregion = eu-west-3\n[profile role]\nregion = eu-north-1\nsource_profile = my prod\n\
        role_arn = arn:aws:iam::123456789012:role/r\n";
    let home = Home::new(config, format!("[my prod]\n{KEYS}[größe]\n{KEYS}"))?;
    assert_eq!(
        home.names().await,
        ["größe", "it's", "my prod", "role"].map(str::to_owned)
    );
    assert_eq!(home.keys(Some("my prod"), &[]).await, "my prod eu-west-1");
    assert_eq!(home.keys(None, &[("AWS_PROFILE", "größe")]).await, "größe eu-west-2");
    let missing = home.keys(Some("my pord"), &[]).await;
    assert!(missing.contains("Available: größe, it's, my prod, role. "), "{missing}");
    let lent = Home::new(
        "[profile a]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = no one\n",
        "",
    )?;
    let sentence = lent.keys(Some("a"), &[]).await;
    assert!(sentence.contains("no one") && !sentence.contains("%@"), "{sentence}");
    Ok(())
}

#[tokio::test]
async fn a_damaged_part_costs_its_own_profile_alone() -> std::io::Result<()> {
    let config = "[default]\nregion = eu-west-1\n[profile broken]\nCANARY nonsense\n[profile good]\nregion = eu-west-2\n\
        [profile borrower]\nsource_profile = broken\nrole_arn = arn:aws:iam::123456789012:role/r\n";
    let credentials = format!("[default]\n{KEYS}[broken]\n{KEYS}[good]\n{KEYS}");
    let home = Home::new(config, credentials)?;
    assert_eq!(home.keys(None, &[]).await, "default eu-west-1");
    assert_eq!(home.keys(Some("good"), &[]).await, "good eu-west-2");
    let sentence = "1: profile broken cannot be used: line 4 of ~/.aws/config has no = after the name. Correct it";
    assert_eq!(home.keys(Some("broken"), &[]).await, sentence);
    assert_eq!(home.keys(Some("borrower"), &[]).await, sentence);
    assert_eq!(home.keys(None, &VARIABLES).await, "environment eu-west-1");
    assert_eq!(
        home.names().await,
        ["borrower", "broken", "default", "good"].map(str::to_owned)
    );
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_read_stops_nobody_who_does_not_need_it() -> std::io::Result<()> {
    let utf_16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("[default]".bytes().flat_map(|b| [b, 0]))
        .collect();
    let encoded = Home::new(utf_16, "")?;
    assert_eq!(encoded.keys(None, &VARIABLES).await, "environment us-east-1");
    let sentence = "1: no credentials for profile default: ~/.aws/config is UTF-16 (it starts with a byte-order mark). \
        Save it as UTF-8";
    assert_eq!(encoded.keys(None, &[]).await, sentence);
    let unclosed = Home::new("[default\nregion = CANARY\n", "")?;
    let sentence = "1: no credentials for profile default: line 1 of ~/.aws/config starts with [ but has no ]. Correct \
        it";
    assert_eq!(unclosed.keys(None, &[]).await, sentence);
    let named = "1: line 1 of ~/.aws/config starts with [ but has no ]. Correct it";
    assert_eq!(unclosed.keys(Some("prod"), &[]).await, named);
    let latin = Home::new(
        b"# f\xfcr alle\n[default]\nregion = eu-west-1\n",
        format!("[default]\n{KEYS}"),
    )?;
    assert_eq!(latin.keys(None, &[]).await, "default eu-west-1");
    Ok(())
}

#[tokio::test]
async fn a_folder_that_may_not_be_entered_stops_nobody_with_keys() -> std::io::Result<()> {
    let home = Home::new("[default]\nregion = eu-west-1\n", "")?;
    let folder = home.0.path().join(".aws");
    // The superuser can enter every folder, so a file takes the folder's place.
    fs::remove_dir_all(&folder)?;
    fs::write(&folder, "")?;
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000))?;
    assert_eq!(home.keys(None, &VARIABLES).await, "environment us-east-1");
    fs::create_dir(home.0.path().join("folder"))?;
    let named = home.0.path().join("folder").to_string_lossy().into_owned();
    let variables = [VARIABLES.as_slice(), &[("AWS_CONFIG_FILE", named.as_str())]].concat();
    assert_eq!(home.keys(None, &variables).await, "environment us-east-1");
    Ok(())
}

/// A row of the list of profiles.
fn row(profile: &Profile) -> String {
    let account = profile.account.as_ref().map_or("", |account| account.as_str());
    let role = profile.role.as_deref().unwrap_or_default();
    let trouble = profile.trouble.as_deref().unwrap_or_default();
    format!("{}|{}|{account}|{role}|{trouble}", profile.name, profile.kind.word())
}

#[tokio::test]
async fn every_kind_of_profile_is_listed_with_what_is_wrong_with_it() -> std::io::Result<()> {
    let config = "[default]\nregion = eu-west-1\n[profile process]\ncredential_process = cat keys\n\
        [profile plug-in]\ncredential_process = no-such-program --json\n\
        [profile shell]\ncredential_process = KEY=1 no-such-program || cat keys\n\
        [profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Deploy\n\
        [profile out]\nsso_start_url = https://other.example/start\nsso_region = eu-west-1\n\
        sso_account_id = 210987654321\nsso_role_name = Admin\n\
        [profile half]\nsso_session = corp\nsso_account_id = 123456789012\n[profile lost]\nsso_session = none\n\
        [sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n\
        [profile login]\nlogin_session = arn:aws:sts::123456789012:assumed-role/r/u\n\
        [profile token]\nrole_arn = arn:aws:iam::123456789012:role/web\nweb_identity_token_file = /token\n\
        [profile role]\nrole_arn = arn:aws:iam::123456789012:role/path/deploy\nsource_profile = keys\n\
        [profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = keys\nmfa_serial = arn:x\n\
        [profile nobody]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = gone\n\
        [profile on-it]\nrole_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = broken\n\
        [profile broken]\nnonsense\n";
    let home = Home::new(config, format!("[keys]\n{KEYS}"))?;
    let cache = home.0.path().join(".aws/sso/cache");
    fs::create_dir_all(&cache)?;
    let login = |url: &str, until: &str| {
        format!(r#"{{"startUrl":"{url}","accessToken":"CANARY","region":"eu-west-1","expiresAt":"{until}"}}"#)
    };
    fs::write(
        cache.join("a.json"),
        login("https://corp.example/start", "2999-01-01T00:00:00Z"),
    )?;
    fs::write(
        cache.join("b.json"),
        login("https://other.example/start", "2020-01-01T00:00:00UTC"),
    )?;
    fs::write(cache.join("c.json"), "not JSON")?;
    let (profiles, trouble) = profiles(&home.environment(&[])).await.unwrap_or_default();
    let rows: Vec<String> = profiles.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "broken|–|||config line 45 has no = after the name",
            "default|–|||no keys",
            "half|SSO|123456789012||no sso_role_name",
            "keys|keys|||",
            "login|login|||log in",
            "lost|SSO|||sso_session none does not exist",
            "mfa|role|123456789012|deploy|",
            "nobody|role|123456789012|deploy|source_profile gone does not exist",
            "on-it|role|123456789012|deploy|broken: config line 45 has no = after the name",
            "out|SSO|210987654321|Admin|log in",
            "plug-in|process|||no-such-program is not installed",
            "process|process|||",
            "role|role|123456789012|deploy|",
            "shell|process|||",
            "sso|SSO|123456789012|Deploy|",
            "token|web identity|123456789012|web|/token does not exist",
        ]
    );
    assert_eq!(trouble, None);
    Ok(())
}
