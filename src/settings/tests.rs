use std::fs;

use ratatui::style::Color;

use super::*;
use crate::domain::danger::Asks;
use crate::domain::options::AccountOptions;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A temporary home folder and the variables that point to it.
struct Home {
    folder: tempfile::TempDir,
    variables: BTreeMap<&'static str, OsString>,
}

impl Home {
    fn new(variables: &[(&'static str, &str)]) -> std::io::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut all: BTreeMap<&'static str, OsString> = variables
            .iter()
            .map(|(name, value)| (*name, OsString::from(value)))
            .collect();
        all.insert("XDG_CONFIG_HOME", folder.path().join("config").into());
        all.insert("XDG_STATE_HOME", folder.path().join("state").into());
        fs::create_dir_all(folder.path().join("config/invalidash"))?;
        Ok(Self { folder, variables: all })
    }

    fn config_file(&self) -> PathBuf {
        self.folder.path().join("config/invalidash/config.toml")
    }

    fn with_file(self, text: &str) -> std::io::Result<Self> {
        fs::write(self.config_file(), text)?;
        Ok(self)
    }

    fn decide(&self, options: &Options) -> Result<Settings, String> {
        let environment = |name: &str| self.variables.get(name).cloned();
        Settings::decide(options, None, &environment, None).map_err(|error| error.to_string())
    }

    /// Returns the error message without the folder, which differs in each run.
    fn refusal(&self, options: &Options) -> String {
        let sentence = self.decide(options).err().unwrap_or_default();
        sentence.replace(&*self.folder.path().to_string_lossy(), "HOME")
    }
}

fn defaults(home: &Home) -> Settings {
    Settings {
        profiles: BTreeMap::new(),
        ascii: false,
        mouse: Mouse::Dashboard,
        clipboard: Clipboard::Auto,
        profile: None,
        region: None,
        endpoint_url: None,
        demo: false,
        read_only: false,
        log_level: LogLevel::Info,
        theme: ThemeName::Default.into(),
        themes: &ThemeName::ALL,
        distributions: Distributions::default(),
        edge: EdgeOptions::default(),
        cloudtrail: CloudTrail::default(),
        notify: NotifyOptions::default(),
        history: Retention::default(),
        send: SendOptions::default(),
        guard: Guard::default(),
        keys: BTreeMap::new(),
        accounts: BTreeMap::new(),
        target: None,
        config_file: home.config_file(),
        state_dir: home.folder.path().join("state/invalidash"),
        warnings: Vec::new(),
    }
}

#[test]
fn nothing_said_means_the_defaults() -> Outcome {
    let home = Home::new(&[])?;
    assert_eq!(home.decide(&Options::default()), Ok(defaults(&home)));
    Ok(())
}

/// Returns the documented settings without their leading `#`. Settings follow a bare `#`; prose and examples follow
/// `# `, and examples are indented.
fn uncommented(is_setting: impl Fn(&str) -> bool) -> String {
    DOCUMENTATION
        .lines()
        .filter_map(|line| line.strip_prefix('#').filter(|line| is_setting(line)))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_shipped_file_tells_the_defaults_of_every_setting() -> Outcome {
    let text = uncommented(|line| !line.starts_with(' '));
    let home = Home::new(&[])?.with_file(&text)?;
    assert_eq!(home.decide(&Options::default()), Ok(defaults(&home)));
    let told: toml::Table = text.parse()?;
    let told: Vec<&str> = told.keys().map(String::as_str).collect();
    // The error about an unknown setting lists every setting that the program accepts.
    let known = Home::new(&[])?.with_file("x = 1")?.refusal(&Options::default());
    let known: Vec<&str> = known.split('`').filter(|word| told.contains(word)).collect();
    assert_eq!(
        known,
        [
            "profile",
            "region",
            "endpoint_url",
            "read_only",
            "log_level",
            "theme",
            "ascii",
            "mouse",
            "clipboard",
            "distributions",
            "edge",
            "cloudtrail",
            "notify",
            "history",
            "send",
            "guard",
            "keys",
            "accounts",
            "profiles"
        ]
    );
    assert_eq!(told.len(), known.len(), "{told:?}");
    Ok(())
}

#[test]
fn the_shipped_examples_are_right() -> Outcome {
    let text = uncommented(|line| !line.starts_with(' ') || line.starts_with("     "));
    let settings = Home::new(&[])?.with_file(&text)?.decide(&Options::default())?;
    assert_eq!(settings.keys.len(), 2);
    let production = AccountOptions {
        label: "PRODUCTION".to_owned(),
        production: true,
        read_only: false,
        guard: GuardChanges {
            first_level: Some(Asks::Always),
            countdown: Some(10),
            word: Some("shop live".to_owned()),
            ..GuardChanges::default()
        },
        profile: "prod-admin".to_owned(),
    };
    assert_eq!(settings.accounts, [(AccountId::new("123456789012"), production)].into());
    let profile = |interactive, login: &[&str]| Profile {
        interactive,
        aws_cli: true,
        login: login.iter().map(|word| (*word).to_owned()).collect(),
    };
    let corp = profile(false, &["granted", "sso", "login", "--profile", "corp"]);
    let team = Profile {
        aws_cli: false,
        ..Profile::default()
    };
    let profiles = [("vault", profile(true, &[])), ("corp", corp), ("team", team)];
    let profiles = profiles.map(|(name, profile)| (name.to_owned(), profile));
    assert_eq!(settings.profiles, profiles.into());
    Ok(())
}

#[test]
fn the_command_line_wins_over_the_file() -> Outcome {
    let file = "profile = 'f'\nregion = 'eu-north-1'\nendpoint_url = 'http://file'\nlog_level = 'error'";
    let option = |text: &str| Some(text.to_owned());
    let options = Options {
        profile: option("o"),
        region: option("eu-south-1"),
        endpoint_url: option("http://option"),
        log_level: option("trace"),
        ..Options::default()
    };
    for (options, level, expected) in [
        (&options, LogLevel::Trace, ["o", "eu-south-1", "http://option"]),
        (&Options::default(), LogLevel::Error, ["f", "eu-north-1", "http://file"]),
    ] {
        let settings = Home::new(&[])?.with_file(file)?.decide(options)?;
        assert_eq!(
            [settings.profile, settings.region, settings.endpoint_url],
            expected.map(option)
        );
        assert_eq!(settings.log_level, level);
    }
    Ok(())
}

#[test]
fn a_standard_variable_silences_the_file_and_not_the_command_line() -> Outcome {
    let file = "profile = 'f'\nregion = 'eu-north-1'\nendpoint_url = 'http://file'";
    for (variable, expected) in [
        ("AWS_PROFILE", [false, true, true]),
        ("AWS_DEFAULT_PROFILE", [false, true, true]),
        ("AWS_ACCESS_KEY_ID", [false, true, true]),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", [false, true, true]),
        ("AWS_REGION", [true, false, true]),
        ("AWS_DEFAULT_REGION", [true, false, true]),
        ("AWS_ENDPOINT_URL", [true, true, false]),
        ("AWS_ENDPOINT_URL_CLOUDFRONT", [true, true, false]),
        ("AWS_SESSION_TOKEN", [true, true, true]),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", [true, true, true]),
    ] {
        let home = Home::new(&[(variable, "set")])?.with_file(file)?;
        let settings = home.decide(&Options::default())?;
        let heard = [settings.profile, settings.region, settings.endpoint_url].map(|value| value.is_some());
        assert_eq!(heard, expected, "{variable}");
        let options = Options {
            profile: Some("o".to_owned()),
            ..Options::default()
        };
        assert_eq!(home.decide(&options)?.profile.as_deref(), Some("o"), "{variable}");
        let empty = Home::new(&[(variable, "")])?
            .with_file(file)?
            .decide(&Options::default())?;
        assert!(
            empty.profile.is_some() && empty.region.is_some() && empty.endpoint_url.is_some(),
            "{variable}"
        );
    }
    Ok(())
}

#[test]
fn two_variables_that_name_two_profiles_are_told() -> Outcome {
    let told = "AWS_PROFILE is a and AWS_DEFAULT_PROFILE is b; using a, as AWS CLI version 2 does \
        (version 1 uses b). Unset one of the variables";
    let both = [("AWS_PROFILE", "a"), ("AWS_DEFAULT_PROFILE", "b")];
    let keys = [both[0], both[1], ("AWS_ACCESS_KEY_ID", "AKIA")];
    let same = [both[0], ("AWS_DEFAULT_PROFILE", "a")];
    let named = Options {
        profile: Some("c".to_owned()),
        ..Options::default()
    };
    for (variables, options, expected) in [
        (&both[..], &Options::default(), vec![told.to_owned()]),
        (&both[..], &named, vec![]),
        (&keys[..], &Options::default(), vec![]),
        (&same[..], &Options::default(), vec![]),
        (&both[..1], &Options::default(), vec![]),
    ] {
        assert_eq!(
            Home::new(variables)?.decide(options)?.warnings,
            expected,
            "{variables:?}"
        );
    }
    Ok(())
}

#[test]
fn configured_endpoints_are_ignored_when_the_variable_says_so() -> Outcome {
    for (value, endpoint) in [("true", None), ("TRUE", None), ("false", Some("http://file"))] {
        let home =
            Home::new(&[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", value)])?.with_file("endpoint_url = 'http://file'")?;
        assert_eq!(
            home.decide(&Options::default())?.endpoint_url.as_deref(),
            endpoint,
            "{value}"
        );
    }
    Ok(())
}

#[test]
fn the_demo_takes_no_server_and_no_identity_from_anywhere() -> Outcome {
    let variables = [
        ("AWS_PROFILE", "prod"),
        ("AWS_ENDPOINT_URL", "not a url"),
        ("AWS_REGION", "eu-west-1"),
    ];
    let home = Home::new(&variables)?.with_file("profile = 'prod'\nread_only = true")?;
    let environment = |name: &str| home.variables.get(name).cloned();
    let options = Options {
        demo: true,
        ..Options::default()
    };
    let folder = Path::new("/tmp/demo");
    let settings = Settings::decide(&options, None, &environment, Some(folder))?;
    let expected = Settings {
        demo: true,
        read_only: true,
        state_dir: folder.to_owned(),
        ..defaults(&home)
    };
    assert_eq!(settings, expected);
    Ok(())
}

#[test]
fn no_color_is_mono_whatever_the_file_says() -> Outcome {
    let file = "theme = 'default'";
    for (variables, theme) in [
        (&[("NO_COLOR", "1")][..], ThemeName::Mono),
        (&[("NO_COLOR", "")], ThemeName::Default),
    ] {
        let settings = Home::new(variables)?.with_file(file)?.decide(&Options::default())?;
        assert_eq!(settings.theme, theme.into());
        assert_eq!(settings.themes.len() == 1, theme == ThemeName::Mono);
    }
    Ok(())
}

#[test]
fn a_theme_is_a_name_or_a_table_of_colors() -> Outcome {
    let night = Theme {
        accent: Some(Color::Rgb(0x88, 0xc0, 0xd0)),
        background: Some(Color::Reset),
        done: Some(Color::LightGreen),
        dim: Some(Color::Indexed(245)),
        wrong: Some(Color::Indexed(9)),
        ..ThemeName::Night.into()
    };
    let table = "[theme]\nname = 'night'\naccent = '#88c0d0'\nbackground = 'terminal'\ndone = 'light-green'\ndim = 245\nwrong = '9'";
    for (text, expected) in [("theme = 'night'", ThemeName::Night.into()), (table, night)] {
        let settings = Home::new(&[])?.with_file(text)?.decide(&Options::default())?;
        assert_eq!(settings.theme, expected, "{text}");
    }
    Ok(())
}

#[test]
fn a_wrong_file_is_told_with_line_key_and_what_is_allowed() -> Outcome {
    const ADVICE: &str = "; `invalidash config` prints a file that explains the settings";
    for (text, expected) in [
        (
            "read_only = true\nprofil = 'x'",
            "line 2: `profil`: unknown field `profil`, expected one of `profile`, `region`, `endpoint_url`, `read_only`, `log_level`, `theme`, `ascii`, `mouse`, `clipboard`, `distributions`, `edge`, `cloudtrail`, `notify`, `history`, `send`, `guard`, `keys`, `accounts`, `profiles`",
        ),
        (
            "\nread_only = 'yes'",
            "line 2: `read_only`: invalid type: string \"yes\", expected a boolean",
        ),
        (
            "[cloudtrail]\nlookup = 'yes'",
            "line 2: `lookup`: invalid type: string \"yes\", expected a boolean",
        ),
        (
            "theme = 'pink'",
            "line 1: `theme`: unknown variant `pink`, expected one of `default`, `light`, `contrast`, `night`, `mono`",
        ),
        (
            "[theme]\nname = 'night'\n\naccent = 'pinkish'",
            "line 4: `accent`: expected a color: a name such as \"red\" or \"light-blue\", \"#rrggbb\", 0 to 255, or \"terminal\"",
        ),
        (
            "theme = { accent = 256 }",
            "line 1: `theme`: expected a color: a name such as \"red\" or \"light-blue\", \"#rrggbb\", 0 to 255, or \"terminal\"",
        ),
        (
            "[theme]\nacent = 'red'",
            "line 2: `acent`: unknown field `acent`, expected one of `name`, `background`, `text`, `dim`, `accent`, `done`, `under_way`, `wrong`, `production`, `selected`, `selected_background`",
        ),
        (
            "log_level = 'loud'",
            "line 1: `log_level`: unknown variant `loud`, expected one of `off`, `error`, `warn`, `info`, `debug`, `trace`",
        ),
        (
            "[keys]\nquit = 3",
            "line 2: `quit`: expected a key such as \"ctrl-s\" or a list of keys",
        ),
        (
            "[accounts.prod]\nlabel = 'x'",
            "line 1: `[accounts.prod]`: `prod` is not an account id; expected twelve digits",
        ),
        (
            "[accounts.123456789012]\ncolor = 'red'",
            "line 2: `color`: unknown field `color`, expected one of `label`, `production`, `read_only`, `guard`, `profile`",
        ),
        (
            "[guard]\nword = ' x'",
            "line 2: `word`: expected at most 64 characters, no leading or trailing spaces",
        ),
        (
            "[accounts]\n'123456789012' = { guard = { first_level_wildcards = -1 } }",
            "line 2: `'123456789012'`: invalid value: integer `-1`, expected u32",
        ),
        (
            "[guard]\ncountdown = 61",
            "line 2: `countdown`: expected a number from 0 to 60",
        ),
        (
            "[send]\ncountdown = 61",
            "line 2: `countdown`: expected a number from 0 to 60",
        ),
        (
            "[send]\nrequests_per_minute = 0",
            "line 2: `requests_per_minute`: expected a number from 1 to 3000",
        ),
        (
            "[send]\nbatch_items = 0",
            "line 2: `batch_items`: expected a number from 1 to 3000",
        ),
        (
            "endpoint_url 'https://me:hunter2@host/?a=b'",
            "line 1: `endpoint_url`: key with no value, expected `=`",
        ),
        (
            "theme = ",
            "line 1: `theme`: string values must be quoted, expected literal string",
        ),
    ] {
        let home = Home::new(&[])?.with_file(text)?;
        let expected = format!("HOME/config/invalidash/config.toml {expected}{ADVICE}");
        assert_eq!(home.refusal(&Options::default()), expected);
    }
    Ok(())
}

#[test]
fn bytes_that_are_no_text_and_hostile_text_are_shown_harmlessly() -> Outcome {
    let home = Home::new(&[])?;
    fs::write(home.config_file(), b"theme = 'mono'\nprofile = '\xff'")?;
    assert!(
        home.refusal(&Options::default())
            .contains("line 2: `profile`: invalid UTF-8")
    );
    let home = home.with_file("\"a\u{202e}b\" = 1")?;
    let refusal = home.refusal(&Options::default());
    assert!(!refusal.contains('\u{202e}') && refusal.contains("line 1"), "{refusal}");
    Ok(())
}

#[test]
fn a_secret_in_the_wrong_file_is_not_repeated() -> Outcome {
    for text in [
        "aws_secret_access_key = 'CANARY'",
        "aws_secret_access_key = CANARY",
        "aws_secret_access_key == 'CANARY'",
    ] {
        let refusal = Home::new(&[])?.with_file(text)?.refusal(&Options::default());
        assert!(
            refusal.contains("line 1: `aws_secret_access_key`") && !refusal.contains("CANARY"),
            "{refusal}"
        );
    }
    Ok(())
}

#[test]
fn a_file_that_was_asked_for_must_be_there() -> Outcome {
    let home = Home::new(&[])?;
    let options = Options {
        config: Some(home.folder.path().join("none.toml")),
        ..Options::default()
    };
    assert_eq!(
        home.refusal(&options),
        "cannot read the configuration file HOME/none.toml: No such file or directory (os error 2); check its name and \
            permissions, or omit --config"
    );
    let options = Options {
        config: Some(home.folder.path().to_owned()),
        ..Options::default()
    };
    assert!(home.refusal(&options).contains("Is a directory"));
    let options = Options {
        config: Some("/dev/zero".into()),
        ..Options::default()
    };
    assert!(home.refusal(&options).contains("larger than 1 MiB"));
    Ok(())
}

#[test]
fn an_endpoint_is_a_url_without_a_password() -> Outcome {
    for (endpoint, right) in [
        ("http://127.0.0.1:4555", true),
        ("https://host/path", true),
        ("localhost:4555", false),
        ("http://", false),
        ("http:///x", false),
        ("http://a b", false),
        ("ftp://host", false),
    ] {
        let options = Options {
            endpoint_url: Some(endpoint.to_owned()),
            ..Options::default()
        };
        assert_eq!(Home::new(&[])?.decide(&options).is_ok(), right, "{endpoint}");
    }
    for endpoint in [
        "http://me:hunter2@host",
        "htp://me:hunter2@host",
        "me:hunter2@host",
        "http:// me:hunter2@host",
    ] {
        let options = Options {
            endpoint_url: Some(endpoint.to_owned()),
            ..Options::default()
        };
        let refusal = Home::new(&[])?.refusal(&options);
        assert!(
            refusal.contains("password") && !refusal.contains("hunter2"),
            "{refusal}"
        );
    }
    Ok(())
}

#[test]
fn a_relative_folder_variable_is_passed_over() {
    let environment = |name: &str| (name == "XDG_STATE_HOME").then(|| OsString::from("relative"));
    assert!(folders::state(&environment).is_ok_and(|folder| folder.is_absolute()));
}

#[test]
fn the_levels_of_the_command_line_are_those_of_the_settings() {
    assert_eq!(LogLevel::ALL.map(LogLevel::name), LogLevel::NAMES);
    assert!(LogLevel::NAMES.iter().all(|name| LogLevel::from_name(name).is_some()));
}
