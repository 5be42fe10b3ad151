//! `info`: the locations of files, and the settings that would be used.

use serde_json::{Value, json};

use super::Outcome;
use crate::support::command::Home;

#[test]
fn everything_that_would_be_used_is_told_and_no_secret() -> Outcome {
    let home = Home::new()?;
    home.write(
        ".aws/config",
        "[profile prod]\nregion = eu-central-1\nendpoint_url = http://profile.example\n",
    )?;
    home.write(
        ".aws/credentials",
        "[prod]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = CANARY-SECRET\n",
    )?;
    home.write(
        "config/invalidash/config.toml",
        "profile = 'prod'\nread_only = true\nlog_level = 'debug'\n",
    )?;
    let run = home.run(&["info", "--output", "json"])?;
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let expected = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "config": {"path": "HOME/config/invalidash/config.toml", "exists": true},
        "state": {"path": "HOME/state/invalidash", "exists": false},
        "ledger": {"path": "HOME/state/invalidash/ledger.db", "exists": false},
        "log": {"path": "HOME/state/invalidash/invalidash.log", "exists": false},
        "connection": {"profile": "prod", "region": "eu-central-1", "endpoint": "http://profile.example"},
        "problem": null,
        "demo": false,
        "read_only": true,
        "log_level": "debug",
        "theme": "default",
    });
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, expected);
    let table = home.run(&["info"])?;
    insta::assert_snapshot!("info_table", table.out.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    assert!(!run.out.contains("CANARY") && !table.out.contains("CANARY"));
    Ok(())
}

#[test]
fn options_win_over_variables_and_those_over_the_configuration() -> Outcome {
    let home = Home::new()?;
    home.write(
        ".aws/config",
        "[profile a]\n[profile b]\n[profile c]\nregion = eu-west-3\n",
    )?;
    home.write(
        "config/invalidash/config.toml",
        "profile = 'c'\nendpoint_url = 'http://file'\n",
    )?;
    let used = |arguments: &[&str], variables: &[(&str, &str)]| -> Result<Value, Box<dyn std::error::Error>> {
        let arguments = [&["info", "--output", "json"], arguments].concat();
        let output = home.command(&arguments).envs(variables.iter().copied()).output()?;
        Ok(serde_json::from_str::<Value>(&home.ended(output).out)?["connection"].take())
    };
    let of = |profile: &str, region: &str, endpoint: &str| json!({"profile": profile, "region": region, "endpoint": endpoint});
    let variables = [
        ("AWS_PROFILE", "b"),
        ("AWS_REGION", "eu-west-2"),
        ("AWS_ENDPOINT_URL", "http://variable"),
    ];
    let options = [
        "--profile",
        "a",
        "--region",
        "eu-west-1",
        "--endpoint-url",
        "http://option",
    ];
    assert_eq!(used(&options, &variables)?, of("a", "eu-west-1", "http://option"));
    assert_eq!(used(&[], &variables)?, of("b", "eu-west-2", "http://variable"));
    assert_eq!(used(&[], &[])?, of("c", "eu-west-3", "http://file"));
    let keys = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET"),
    ];
    assert_eq!(used(&[], &keys)?, of("environment", "us-east-1", "http://file"));
    assert_eq!(used(&["--profile", "a"], &keys)?, of("a", "us-east-1", "http://file"));
    Ok(())
}

#[test]
fn a_profile_that_does_not_exist_is_told_after_everything_else() -> Outcome {
    let home = Home::new()?;
    let run = home.run(&["info", "--output", "json", "--profile", "typo"])?;
    let document: Value = serde_json::from_str(&run.out)?;
    assert_eq!((run.code, &document["connection"]), (Some(4), &Value::Null));
    let problem = document["problem"].as_str().unwrap_or_default();
    assert!(problem.starts_with("profile typo not found"), "{problem}");
    let told: Value = serde_json::from_str(&run.err)?;
    let cause = told["error"]["message"].as_str().unwrap_or_default();
    assert!(!cause.is_empty() && problem.starts_with(cause), "{told}");
    let text = home.run(&["info", "--profile", "typo"])?;
    assert_eq!(text.err, format!("invalidash: {problem}\n"));
    Ok(())
}
