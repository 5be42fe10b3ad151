//! The examples in `docs/pipelines.md`, unchanged, and the repository's action, run in the same way as their runners
//! would run them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use invalidash::emulator::{Fault, Operation, Trouble};

use crate::cli::create::{SHOP, earlier, served};
use crate::support::command::{Home, Run};
use crate::support::loopback::Loopback;

type Outcome = Result<(), Box<dyn std::error::Error>>;
type Text = Result<String, Box<dyn std::error::Error>>;

/// The items of each invalidation that was made.
fn made(served: &Loopback) -> Vec<Vec<String>> {
    let creations = served.emulator.received().creations.into_iter();
    creations
        .filter(|one| !one.invalidations.is_empty())
        .map(|one| one.items)
        .collect()
}

/// A file of the repository.
fn file(name: &str) -> Text {
    Ok(fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))?)
}

/// The block of the page that stands behind this mark.
fn example(name: &str) -> Text {
    let page = file("docs/pipelines.md")?;
    let (_, rest) = page
        .split_once(&format!("<!-- example: {name} -->\n```"))
        .ok_or("no such example")?;
    let (_, rest) = rest.split_once('\n').ok_or("an empty example")?;
    Ok(rest
        .split_once("\n```")
        .ok_or("an example without an end")?
        .0
        .to_owned()
        + "\n")
}

/// A command in a clean folder in which there is nothing but the program, keys and the way to the emulator.
fn command(home: &Home, served: &Loopback, program: &str) -> Command {
    let template = home.command_with_keys(&[]);
    let binary = Path::new(env!("CARGO_BIN_EXE_invalidash"))
        .parent()
        .unwrap_or(Path::new("/"));
    let mut command = Command::new(program);
    command.current_dir(home.path()).env_clear();
    for (name, value) in template.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let inherited = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{inherited}", binary.display()));
    // The shims of a version manager use this variable.
    command.envs(std::env::var("PYENV_ROOT").map(|root| ("PYENV_ROOT", root)).ok());
    command
        .env("AWS_ENDPOINT_URL", &served.url)
        .env("AWS_REGION", "us-east-1");
    command
}

/// Whether this machine has the program.
fn has(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

/// Runs a script; `sh` as most runners have it.
fn shell(home: &Home, served: &Loopback, script: &str, variables: &[(&str, &str)]) -> io::Result<Run> {
    let mut command = command(home, served, "sh");
    let output = command.args(["-ec", script]).envs(variables.iter().copied()).output()?;
    Ok(home.ended(output))
}

/// A repository in which a built page changed and another one came; the two commits.
fn built_site(home: &Home, served: &Loopback) -> Result<[String; 2], Box<dyn std::error::Error>> {
    let git = |script: &str| -> Text {
        let identity = "git -c init.defaultBranch=main -c user.name=n -c user.email=e@example -c commit.gpgsign=false";
        let ran = shell(home, served, &script.replace("git", identity), &[])?;
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        Ok(ran.out.trim().to_owned())
    };
    home.write("dist/index.html", "1")?;
    git("git init -q; git add .; git commit -q -m one")?;
    let before = git("git rev-parse HEAD")?;
    home.write("dist/index.html", "2")?;
    home.write("dist/news/a b.html", "2")?;
    git("git add .; git commit -q -m two")?;
    Ok([before, git("git rev-parse HEAD")?])
}

/// A line of a workflow, `name: value`, with how far it is indented.
fn setting(line: &str) -> Option<(usize, &str, &str)> {
    let indent = line.len() - line.trim_start().len();
    let (name, value) = line.trim().split_once(':')?;
    Some((indent, name.trim_start_matches("- "), value.trim()))
}

/// The settings under `heading`, each with its value; a block of lines for `|`.
fn settings_under(text: &str, heading: &str) -> BTreeMap<String, String> {
    let mut lines = text.lines().skip_while(|line| line.trim() != heading);
    let depth = lines.next().map_or(0, |line| line.len() - line.trim_start().len());
    let below = lines.take_while(|line| line.trim().is_empty() || line.len() - line.trim_start().len() > depth);
    let (mut settings, mut block) = (BTreeMap::new(), None);
    for line in below {
        let indent = line.len() - line.trim_start().len();
        if let Some((name, _)) = block.as_ref().filter(|(_, at)| indent > *at) {
            let text: &mut String = settings.entry(String::clone(name)).or_default();
            text.push_str(line.trim());
            text.push('\n');
        } else if let Some((at, name, value)) = setting(line) {
            block = (value == "|").then(|| (name.to_owned(), at));
            settings.insert(name.to_owned(), value.trim_matches(['"', '\'', '|']).to_owned());
        }
    }
    settings
}

/// A run of the action as the runner would make it: its inputs with their defaults, its variables, its files.
struct Job {
    home: Home,
    served: Loopback,
    contexts: Vec<(String, String)>,
}

impl Job {
    fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let home = Home::new()?;
        // This is where the runner puts the action. A copy could not be executed while another thread starts a program.
        std::os::unix::fs::symlink(env!("CARGO_MANIFEST_DIR"), home.path().join("action"))?;
        let contexts = [
            ("github.repository", "o/r"),
            ("github.run_id", "7"),
            ("github.job", "j"),
            ("github.action", "a"),
        ];
        Ok(Self {
            home,
            served: served()?,
            contexts: contexts.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        })
    }

    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.contexts {
            text = text.replace(&format!("${{{{ {name} }}}}"), value);
        }
        text
    }

    /// Runs it with what a workflow says under `with:`; what the summary and the outputs say afterwards.
    fn run(&self, with: &BTreeMap<String, String>) -> Result<(Run, String, String), Box<dyn std::error::Error>> {
        let action = file("action.yml")?;
        let inputs: Vec<&str> = action
            .lines()
            .skip_while(|line| *line != "inputs:")
            .take_while(|line| *line != "outputs:")
            .collect();
        let (mut defaults, mut input) = (BTreeMap::new(), "");
        for line in inputs {
            match setting(line) {
                Some((2, name, _)) => input = defaults.entry(name).or_insert((name, String::new())).0,
                Some((4, "default", value)) => {
                    drop(defaults.insert(input, (input, value.trim_matches('"').to_owned())));
                }
                _ => {}
            }
        }
        let unknown: Vec<_> = with
            .keys()
            .filter(|name| !defaults.contains_key(name.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?} are no inputs");
        let run = action
            .lines()
            .find_map(|line| line.trim().strip_prefix("run: "))
            .ok_or("nothing to run")?;
        let mut command = command(&self.home, &self.served, "bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", run.trim_matches('\'')]);
        for (name, value) in settings_under(&action, "env:") {
            let input = value
                .trim_start_matches("${{ inputs.")
                .trim_end_matches(" }}")
                .to_owned();
            let (_, default) = defaults
                .get(input.as_str())
                .ok_or_else(|| format!("{input} is no input"))?;
            command.env(name, self.filled(with.get(&input).unwrap_or(default)));
        }
        let (summary, outputs) = (self.home.write("summary.md", "")?, self.home.write("outputs", "")?);
        let output = command
            .env("GITHUB_ACTION_PATH", self.home.path().join("action"))
            .env("GITHUB_STEP_SUMMARY", &summary)
            .env("GITHUB_OUTPUT", &outputs)
            .output()?;
        Ok((
            self.home.ended(output),
            fs::read_to_string(summary)?,
            fs::read_to_string(outputs)?,
        ))
    }
}

fn with(settings: &[(&str, &str)]) -> BTreeMap<String, String> {
    settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn the_action_sends_once_waits_and_tells() -> Outcome {
    let job = Job::new()?;
    let example = settings_under(
        example("github")?.split_once("uses: OWNER").ok_or("no action")?.1,
        "with:",
    );
    let (first, summary, outputs) = job.run(&example)?;
    assert_eq!(first.code, Some(0), "{}{}", first.out, first.err);
    assert_eq!(made(&job.served), [["/index.html", "/news/2026.html"]]);
    assert!(
        summary.contains("| www.shop.example (E1EXAMPLE00001) | I") && summary.contains("| Completed | 2 |"),
        "{summary}"
    );
    assert!(
        summary.contains("2 items, at most $0.010") && summary.contains("  /news/2026.html\n"),
        "{summary}"
    );
    let said: BTreeMap<&str, &str> = outputs.lines().filter_map(|line| line.split_once('=')).collect();
    assert_eq!((said["replayed"], said["price"]), ("false", "0.010"));
    assert!(said["invalidation-ids"].starts_with('I'), "{outputs}");

    // The job runs again on a fresh runner, long after the first time.
    let again = Job::new()?;
    let arguments = [
        "--distribution",
        SHOP,
        "/index.html",
        "/news/2026.html",
        "--reference",
        "o/r/7/j/a",
    ];
    let mut dry = again
        .home
        .command_with_keys(&["create", "--dry-run", "--output", "json"]);
    let dry = again.home.ended(
        dry.args(arguments)
            .env("AWS_ENDPOINT_URL", &again.served.url)
            .output()?,
    );
    let plan: serde_json::Value = serde_json::from_str(&dry.out)?;
    let reference = plan["requests"][0]["caller_reference"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    earlier(&again.served, &reference, &["/index.html", "/news/2026.html"]);
    let (second, summary, outputs) = again.run(&example)?;
    assert_eq!((second.code, made(&again.served).len()), (Some(0), 1), "{}", second.err);
    assert!(outputs.contains("replayed=true\nprice=0.000"), "{outputs}");
    assert!(summary.contains("An earlier run had sent all of it"), "{summary}");
    Ok(())
}

#[test]
fn the_action_sends_what_changed_between_commits() -> Outcome {
    let mut job = Job::new()?;
    let [before, after] = built_site(&job.home, &job.served)?;
    let contexts = [
        ("vars.DISTRIBUTION", SHOP),
        ("github.event.before", &before),
        ("github.sha", &after),
        ("github.event.head_commit.message", "two; rm -rf / \"$(x)\""),
    ];
    job.contexts
        .extend(contexts.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let example = settings_under(&example("github-git")?, "with:");
    let (ran, summary, _) = job.run(&example)?;
    assert!(matches!(ran.code, Some(0)), "{:?}\n{}{}", ran.code, ran.out, ran.err);
    assert_eq!(made(&job.served), [["/index.html", "/news/a%20b.html"]]);
    assert!(
        summary.contains("fresh") || summary.contains("cannot_tell"),
        "{summary}"
    );
    let history = job.home.run(&["history", "--output", "json"])?;
    assert!(history.out.contains(r#"two; rm -rf / \"$(x)\""#), "{}", history.out);
    // If nothing changed, nothing fails and nothing is sent.
    job.contexts.retain(|(name, _)| name != "github.event.before");
    job.contexts.push(("github.event.before".to_owned(), after));
    let (nothing, summary, outputs) = job.run(&example)?;
    assert_eq!((nothing.code, made(&job.served).len()), (Some(0), 1), "{}", nothing.err);
    assert!(
        nothing.out.contains("::notice::")
            && summary.contains("nothing to invalidate")
            && outputs.contains("invalidation-ids=\n")
    );
    Ok(())
}

#[test]
fn the_action_shows_wrong_lines_at_their_place_and_sends_nothing() -> Outcome {
    let job = Job::new()?;
    job.home.write("paths,1.txt", "/fine\n\n/img/*.jpg\n/100%\n")?;
    let (wrong, summary, outputs) = job.run(&with(&[("distribution", SHOP), ("paths-from", "paths,1.txt")]))?;
    assert_eq!(
        (wrong.code, made(&job.served).len()),
        (Some(2), 0),
        "{}{}",
        wrong.out,
        wrong.err
    );
    assert!(
        wrong
            .out
            .contains("::error file=paths%2C1.txt,line=3,title=inner-wildcard::/img/*.jpg: "),
        "{}",
        wrong.out
    );
    assert!(
        summary.contains("nothing was sent") && summary.contains("| paths,1.txt:3 | /img/*.jpg | inner-wildcard: "),
        "{summary}"
    );
    assert_eq!(outputs, "");
    let danger = |allow| job.run(&with(&[("distribution", SHOP), ("paths", "/*"), ("allow", allow)]));
    let (refused, _, _) = danger("")?;
    assert_eq!((refused.code, made(&job.served).len()), (Some(2), 0));
    assert!(
        refused.out.contains("::error title=dangerous::") && refused.out.contains("--allow-whole-site"),
        "{}",
        refused.out
    );
    assert_eq!(danger("first-level, whole-site")?.0.code, Some(0));
    let (missing, _, _) = job.run(&with(&[
        ("distribution", SHOP),
        ("paths", "/a"),
        ("program", "no-such-program"),
    ]))?;
    assert!(
        missing.code == Some(1) && missing.out.starts_with("::error title=program::"),
        "{}",
        missing.out
    );
    Ok(())
}

#[test]
fn the_action_fails_as_cloudfront_refuses_and_tells_it() -> Outcome {
    let job = Job::new()?;
    let fault = Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation);
    job.served.emulator.inject(fault);
    let (denied, summary, outputs) = job.run(&with(&[("distribution", SHOP), ("paths", "/a")]))?;
    assert_eq!(denied.code, Some(4), "{}{}", denied.out, denied.err);
    assert!(denied.out.contains("::error title=exit code 4::"), "{}", denied.out);
    assert!(
        summary.contains("| Rejected | 1 |") || summary.contains("AccessDenied"),
        "{summary}"
    );
    assert!(outputs.contains("invalidation-ids=\n"), "{outputs}");
    job.served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 60_000);
    let (late, summary, outputs) = job.run(&with(&[
        ("distribution", SHOP),
        ("paths", "/late"),
        ("reference", "r"),
        ("timeout", "1"),
    ]))?;
    assert_eq!(late.code, Some(5), "{}{}", late.out, late.err);
    assert!(
        summary.contains("| InProgress | 1 |") && outputs.contains("invalidation-ids=I"),
        "{summary}{outputs}"
    );
    Ok(())
}

#[test]
fn the_time_of_the_action_is_that_of_sending_and_waiting_together() -> Outcome {
    let job = Job::new()?;
    // The fault ends by itself, so that a run that does not give up is detected.
    let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    job.served.emulator.inject(throttled.times(8));
    let begun = Instant::now();
    let (late, summary, outputs) = job.run(&with(&[("distribution", SHOP), ("paths", "/a"), ("timeout", "1.5")]))?;
    assert_eq!(
        (late.code, made(&job.served).len()),
        (Some(5), 0),
        "{}{}",
        late.out,
        late.err
    );
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert!(!summary.contains("nothing was sent"), "{summary}");
    assert!(outputs.contains("invalidation-ids=\n"), "{outputs}");
    Ok(())
}

#[test]
fn the_summary_says_that_nothing_was_sent_only_where_that_is_sure() -> Outcome {
    let job = Job::new()?;
    job.home
        .write("state/invalidash", "a file where the folder should be")?;
    let (failed, summary, _) = job.run(&with(&[("distribution", SHOP), ("paths", "/a")]))?;
    assert_eq!(failed.code, Some(1), "{}{}", failed.out, failed.err);
    assert!(summary.starts_with("### CloudFront invalidation failed\n"), "{summary}");
    Ok(())
}

#[test]
fn the_action_takes_the_program_from_an_archive_with_the_right_checksum() -> Outcome {
    let job = Job::new()?;
    let folder = job.home.path().join("invalidash-0");
    fs::create_dir(&folder)?;
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_invalidash"), folder.join("invalidash"))?;
    let packed = shell(
        &job.home,
        &job.served,
        "tar -czf a.tar.gz invalidash-0; sha256sum a.tar.gz | cut -d' ' -f1",
        &[],
    )?;
    let url = format!("file://{}/a.tar.gz", job.home.path().display());
    let of = |sum: &str| {
        with(&[
            ("distribution", SHOP),
            ("paths", "/a"),
            ("archive", &url),
            ("sha256", sum),
        ])
    };
    if !has("curl") {
        return Ok(());
    }
    let (wrong, _, _) = job.run(&of("0000"))?;
    assert_eq!(
        (wrong.code, made(&job.served).len()),
        (Some(1), 0),
        "{}{}",
        wrong.out,
        wrong.err
    );
    let (right, _, _) = job.run(&of(packed.out.trim()))?;
    assert_eq!(
        (right.code, made(&job.served).len()),
        (Some(0), 1),
        "{}{}",
        right.out,
        right.err
    );
    Ok(())
}

#[test]
fn the_gitlab_job_runs_and_runs_again() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let [before, after] = built_site(&home, &served)?;
    let job = example("gitlab")?;
    let (_, script) = job.split_once("script:\n").ok_or("no script")?;
    let script: Vec<&str> = script
        .lines()
        .map(|line| line.trim().trim_start_matches("- "))
        .collect();
    let script = script.join(" ");
    let variables = [
        ("DISTRIBUTION", SHOP),
        ("CI_COMMIT_BEFORE_SHA", &*before),
        ("CI_COMMIT_SHA", &*after),
        ("CI_PROJECT_PATH", "group/shop"),
        ("CI_PIPELINE_ID", "4711"),
        ("CI_PIPELINE_URL", "https://gitlab.example/4711"),
    ];
    for _ in 0..2 {
        let ran = shell(&home, &served, &script, &variables)?;
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert_eq!(made(&served), [["/index.html", "/news/a%20b.html"]]);
    }
    Ok(())
}

#[test]
fn make_and_npm_run_theirs() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    built_site(&home, &served)?;
    home.write("changed.txt", "index.html\n/news/\n")?;
    home.write("Makefile", example("make")?)?;
    if has("make") {
        let made_twice = shell(&home, &served, "make -s invalidate && make -s invalidate", &[])?;
        assert_eq!(made_twice.code, Some(0), "{}", made_twice.err);
        assert_eq!(made(&served), [["/index.html", "/news/"]]);
    }
    home.write("package.json", example("npm")?)?;
    home.write("live/index.html", "1")?;
    let before = made(&served).len();
    if has("npm") {
        let ran = shell(&home, &served, "npm run --silent invalidate", &[])?;
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        assert_eq!(
            made(&served).get(before..),
            Some(&[vec!["/index.html".to_owned(), "/news/a%20b.html".to_owned()]][..])
        );
    }
    Ok(())
}

#[test]
fn the_alias_of_the_aws_cli_leads_here() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write(".aws/cli/alias", example("aws-alias")?)?;
    if has("aws") {
        let ran = shell(&home, &served, &example("aws")?, &[])?;
        assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
        assert_eq!(made(&served), [["/index.html", "/news/*"]]);
    }
    Ok(())
}

#[test]
fn the_release_script_runs_and_runs_again() -> Outcome {
    let served = served()?;
    for _ in 0..2 {
        let home = Home::new()?;
        home.write("changed.txt", "/index.html\n")?;
        let ran = shell(&home, &served, &example("shell")?, &[])?;
        assert_eq!((ran.code, made(&served).len()), (Some(0), 1), "{}", ran.err);
    }
    Ok(())
}
