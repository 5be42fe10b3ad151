//! `config` and `config check`.

use serde_json::json;

use super::Outcome;
use crate::support::command::Home;
use crate::support::promise;

#[test]
fn the_file_that_is_printed_is_the_one_that_ships_and_has_no_mistake() -> Outcome {
    let home = Home::new()?;
    home.write("config/invalidash/config.toml", "not even = = toml\n")?;
    let printed = home.run(&["config"])?;
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    assert_eq!(printed.out, invalidash::settings::DOCUMENTATION);
    home.write("printed.toml", &printed.out)?;
    let checked = home.run(&["config", "check", "printed.toml"])?;
    assert_eq!((checked.code, checked.out.as_str()), (Some(0), ""));
    assert_eq!(checked.err, "invalidash: printed.toml: no errors\n");
    Ok(())
}

#[test]
fn mistakes_are_told_with_their_lines() -> Outcome {
    let home = Home::new()?;
    for (text, lines) in [
        ("theme = \"mono\"\n\nthem = 7\n", &[3][..]),
        ("[send]\ncountdown = 99\n", &[2]),
        ("[theme]\nname = \"night\"\n\naccent = \"pinkish\"\n", &[4]),
        ("[theme]\nselected_backgroud = 24\n", &[2]),
        ("region = \"eu-west-1\"\nendpoint_url = \"localhost\"\n", &[2]),
        ("endpoint_url = \"https://a:CANARY@host\"\n", &[1]),
        (
            "\"endpoint_url\" = \"nowhere\"\n[profiles]\nendpoint_url = { interactive = true }\n",
            &[1],
        ),
        (
            "[keys]\nquit = \"q\"\nsubmitt = \"x\"\n\"sort\" = [\"hyper-s\"]\n",
            &[4, 3],
        ),
        ("mouse = false\n\n[keys]\nmouse = \"hyper-m\"\n", &[4]),
        ("[keys]\nsort = \"s\"\n[keys.mouse]\n", &[3]),
        ("mouse = false\nkeys.mouse = \"hyper-m\"\n", &[2]),
        ("mouse = false\nkeys = { sort = \"s\", mouse = \"hyper-m\" }\n", &[2]),
        ("[accounts]\n\"12\" = { label = \"x\" }\n", &[2]),
        ("a = \"\n", &[1]),
    ] {
        home.write("wrong.toml", text)?;
        let wrong = home.run(&["config", "check", "wrong.toml", "--output", "json"])?;
        let document = promise::document("config-check", &wrong.out)?;
        let mut told: Vec<_> = document["mistakes"].as_array().into_iter().flatten().collect();
        told.sort_by_key(|mistake| std::cmp::Reverse(mistake["line"].as_u64()));
        let told: Vec<_> = told.iter().filter_map(|mistake| mistake["line"].as_u64()).collect();
        assert_eq!((wrong.code, wrong.err.as_str()), (Some(2), ""), "{text}");
        assert_eq!(told, lines, "{text}: {document}");
        let said = home.run(&["config", "check", "wrong.toml"])?;
        assert!(said.out.starts_with("wrong.toml:"), "{}", said.out);
        assert!(
            !wrong.out.contains("CANARY") && !said.out.contains("CANARY"),
            "{}",
            wrong.out
        );
    }
    Ok(())
}

#[test]
fn the_file_in_use_is_checked_when_none_is_named() -> Outcome {
    let home = Home::new()?;
    let nothing = home.run(&["config", "check", "--output", "json"])?;
    let document = promise::document("config-check", &nothing.out)?;
    assert_eq!(
        (nothing.code, &document["exists"], &document["ok"]),
        (Some(0), &json!(false), &json!(true))
    );
    home.write("config/invalidash/config.toml", "theme = 7\n")?;
    home.write("other.toml", "ascii = true\n")?;
    assert_eq!(home.run(&["config", "check"])?.code, Some(2));
    assert_eq!(home.run(&["config", "check", "--config", "other.toml"])?.code, Some(0));
    for file in ["none.toml", "config"] {
        let unreadable = home.run(&["config", "check", file, "--output", "json"])?;
        let told = promise::document("error", &unreadable.err)?;
        assert_eq!((unreadable.code, &told["error"]["code"]), (Some(2), &json!("settings")));
    }
    Ok(())
}
