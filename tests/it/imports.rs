//! Imports and saved lists as scenarios: from the key press to the appended lines. Files, git and everything else are
//! real; only the time is virtual.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::import_screens::boxed;
use crate::support::dashboard::{Person, Stage};

/// Opens the composer on the first distribution of the sample data.
async fn compose(person: &mut Person) {
    person.sees("www.lumen-shop.example").await;
    person.press("i");
    person.sees("Invalidate").await;
}

/// Opens the menu and chooses by the letter of a source.
async fn import(person: &mut Person, source: &str) {
    person.press("<c-o>");
    person.sees("Earlier invalidation").await;
    person.press(source);
}

/// Types a line into a field and looks at what it brings.
async fn ask(person: &mut Person, line: &str) {
    person.press(line);
    person.sees(line).await;
    person.press("<enter>");
}

const FILE: &str = "f";
const PASTE: &str = "c";
const EARLIER: &str = "e";
const GIT: &str = "g";
const SITEMAP: &str = "s";
const TREES: &str = "t";

#[tokio::test(start_paused = true)]
async fn a_file_is_previewed_with_its_price_and_appended_as_one_step() {
    let stage = Stage::demo();
    stage.write(
        "urls.txt",
        "# release 7\r\n/a\r\nhttps://www.lumen-shop.example/b?x#y\r\nhttps://elsewhere.example/c\r\n/caf\u{e9}\r\n",
    );
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.press("/typed");
            person.sees("draft saved").await;
            import(&mut person, FILE).await;
            ask(&mut person, "urls.txt").await;
            person.sees("4 lines").await;
            person.sees("1 item, max. $0.01  →  4 items, max. $0.02").await;
            person
                .sees("1 URL on elsewhere.example, which is not a host of this distribution (line 4)")
                .await;
            let screen = person.sees("line 3").await;
            insta::assert_snapshot!("import_preview", boxed(&screen));
            // Nothing changes until Enter is pressed.
            person.press("<esc><esc><esc>");
            person.misses("Import").await;
            person.sees("1 item ").await;
            import(&mut person, FILE).await;
            person.sees("› urls.txt").await;
            person.press("<enter>");
            person.sees("4 lines").await;
            person.press("<enter>");
            person
                .sees("added 4 lines from urls.txt; press Ctrl-Z to remove them")
                .await;
            person.press("<up><up>");
            let screen = person.sees("line 3, from urls.txt line 2").await;
            assert!(screen.contains("  2   # release 7"), "{screen}");
            person.press("<c-z>");
            let screen = person.misses("# release 7").await;
            assert!(screen.contains("/typed"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn tab_completes_a_path_and_the_next_start_remembers_it() {
    let stage = Stage::demo();
    stage.write("lists/release.txt", "/a\n");
    stage.write("lists/release-old.txt", "/b\n");
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, FILE).await;
            person.sees("Tab complete the path").await;
            person.press("x<tab>");
            person.sees("nothing matches x").await;
            person.press("<backspace>li<tab>");
            person.sees("› lists/").await;
            person.press("r<tab>");
            person.sees("› lists/release").await;
            person.press("<tab>");
            person.sees("release-old.txt · release.txt").await;
            person.press(".<tab>");
            person.sees("› lists/release.txt").await;
            person.press("<enter>");
            person.sees("1 line").await;
            person.press("<enter>");
            person.sees("to remove it").await;
            person.waits(1).await;
        })
        .await;
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.press("<c-o>");
            person.sees("Earlier invalidation").await;
            person.press("<enter>");
            person.sees("› lists/release.txt").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_file_that_cannot_be_taken_is_a_sentence_and_changes_nothing() {
    let stage = Stage::demo();
    stage.write("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    stage.write("folder/x", "");
    stage.write("large.txt", "");
    let large = std::fs::File::options()
        .write(true)
        .open(stage.folder().join("large.txt"))
        .unwrap();
    large.set_len(200 * 1024 * 1024).unwrap();
    stage.write("latin.txt", b"/a\n/caf\xe9\n/b\n");
    stage.write("home/list.txt", "/home\n");
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.press("/typed");
            import(&mut person, FILE).await;
            for (name, sentence) in [
                ("", "enter a file name, such as paths.txt"),
                ("nowhere.txt", "nowhere.txt does not exist; looked in"),
                ("folder", "folder is a folder; enter the name of a file"),
                ("large.txt", "large.txt is 200 MiB, but the limit is 64 MiB"),
                (
                    "picture.png",
                    "picture.png is not a text file: line 3 contains a NUL byte",
                ),
                ("/dev/null", "/dev/null is not a regular file"),
            ] {
                person.press("<c-u>");
                person.press(name);
                person.press("<enter>");
                person.sees(sentence).await;
            }
            person.press("<c-u>latin.txt<enter>");
            person.sees("1 line is not UTF-8; save it as UTF-8 (line 2)").await;
            person.sees("2 lines").await;
            person.press("<esc><c-u>~/list.txt<enter>");
            person.sees("/home").await;
            person.press("<esc><esc><esc>");
            person.misses("Import").await;
            let screen = person.sees("/typed").await;
            assert!(!screen.contains("/home") && screen.contains("1 item "), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_pasted_is_looked_at_first() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, PASTE).await;
            person.sees("paste now").await;
            person.paste("Please clear\nhttps://www.lumen-shop.example/über uns and\n/x/\n");
            person.sees("1 line without a path or URL (line 1)").await;
            person.sees("/über").await;
            // These are the other names of the same pages, with their price.
            person.sees("→  2 items, max. $0.01").await;
            person.press("i");
            person.sees("4 of them variants").await;
            person.press("e");
            person.sees("6 of them variants").await;
            person.sees("variant of /x/").await;
            let screen = person.sees("→  8 items, max. $0.04").await;
            insta::assert_snapshot!("import_variants", boxed(&screen));
            person.press("e<enter>");
            person.sees("6 lines from clipboard").await;
            person.sees("6 items").await;
            // The choice is remembered for these targets.
            person.press("<c-o>");
            person.sees("Earlier invalidation").await;
            person.paste("/y");
            person.sees("2 of them variants").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_items_of_an_earlier_invalidation() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.paste("/first\n/second");
            person.press("<c-s>");
            person.sees("2 items will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
            person.press("<esc>");
            compose(&mut person).await;
            import(&mut person, EARLIER).await;
            person.sees("+1").await;
            person.press("second");
            person.sees("› second").await;
            person.sees("/first").await;
            person.press("<enter>");
            person.sees("Import: invalidation").await;
            person.press("<enter>");
            person.sees("2 lines from invalidation").await;
            person.sees("2 items").await;
        })
        .await;
}

/// Nobody looked at them before: what they hold is read while the list is open, at the pace of reads.
#[tokio::test(start_paused = true)]
async fn earlier_invalidations_show_their_items_though_nobody_looked_at_them() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, EARLIER).await;
            person.waits(30).await;
            let screen = person.screen();
            let rows: Vec<&str> = screen.lines().filter(|line| line.contains(" Nov ")).collect();
            assert!(rows.len() > 8, "{screen}");
            assert!(rows.iter().all(|row| row.contains(" /")), "{screen}");
        })
        .await;
}

fn git(stage: &Stage, arguments: &[&str]) {
    let status = Command::new("git")
        .args([
            "-c",
            "user.name=n",
            "-c",
            "user.email=e@e.example",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(stage.folder())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
}

#[tokio::test(start_paused = true)]
async fn what_two_commits_differ_in() {
    let stage = Stage::demo();
    stage.write("dist/index.html", "one");
    stage.write(
        "dist/old name.html",
        "a page that is long enough to be found again under its new name\n",
    );
    stage.write("dist/gone.css", "x");
    stage.write("src/main.ts", "x");
    git(&stage, &["init", "-q"]);
    git(&stage, &["add", "."]);
    git(&stage, &["commit", "-qm", "one"]);
    git(&stage, &["mv", "dist/old name.html", "dist/neu\u{e9}.html"]);
    git(&stage, &["rm", "-q", "dist/gone.css"]);
    stage.write("dist/index.html", "two");
    stage.write("src/main.ts", "y");
    git(&stage, &["commit", "-qam", "two"]);
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, GIT).await;
            ask(&mut person, "HEAD~1..HEAD dist/=/").await;
            person.sees("1 file outside dist/ (src/main.ts)").await;
            let screen = person.sees("renamed to dist/neu").await;
            insta::assert_snapshot!("import_git", boxed(&screen));
            person.press("<enter>");
            person.sees("4 lines from HEAD~1..HEAD").await;
            import(&mut person, GIT).await;
            person.sees("HEAD~1..HEAD").await;
            person.press("<c-u>nope..HEAD<enter>");
            person.sees("git: bad revision 'nope..HEAD'").await;
            person.press("<c-u>--output=x..y<enter>");
            person.sees("a range is two commits joined by two dots").await;
        })
        .await;
    assert!(!stage.folder().join("x..y").exists());
}

/// A program that leaves a mark when anybody runs it; returns its path and the mark's.
fn canary(stage: &Stage) -> (String, std::path::PathBuf) {
    let mark = stage.folder().join("canary-ran");
    let program = stage.folder().join("canary");
    stage.write(
        "canary",
        format!("#!/bin/sh\necho \"$0 $*\" >> '{}'\nexit 1\n", mark.display()),
    );
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    (program.display().to_string(), mark)
}

/// A repository of which the files of the past are elsewhere, and the way there is of the repository's own choice.
fn cloned_in_part(stage: &Stage, origin: &str, settings: &[(&str, &str)]) {
    let source = stage.folder().join("source");
    let url = format!("file://{}", source.display());
    git(stage, &["init", "-q", "source"]);
    git(stage, &["-C", "source", "config", "uploadpack.allowFilter", "true"]);
    stage.write(
        "source/dist/old.html",
        "a page that is long enough to be found again\n".repeat(9),
    );
    git(stage, &["-C", "source", "add", "."]);
    git(stage, &["-C", "source", "commit", "-qm", "one"]);
    git(stage, &["-C", "source", "mv", "dist/old.html", "dist/new.html"]);
    stage.write(
        "source/dist/new.html",
        "a page that is long enough to be found again\n".repeat(8),
    );
    git(stage, &["-C", "source", "commit", "-qam", "two"]);
    git(
        stage,
        &["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "part"],
    );
    // The stage's own folder becomes the repository: imports start there.
    std::fs::rename(stage.folder().join("part/.git"), stage.folder().join(".git")).unwrap();
    git(stage, &["config", "remote.origin.url", origin]);
    for (name, value) in settings {
        git(stage, &["config", name, value]);
    }
}

/// Imports what two commits differ in, and sees the paths of both names.
async fn import_range(stage: &Stage) {
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, GIT).await;
            ask(&mut person, "HEAD~1..HEAD dist/=/").await;
            person.sees("2 lines").await;
            person.press("<enter>");
            let screen = person.sees("2 lines from HEAD~1..HEAD").await;
            assert!(screen.contains("/new.html") && screen.contains("/old.html"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_repository_that_was_cloned_in_part_fetches_nothing_by_a_program_of_its_own() {
    type Hostile = fn(&Stage, &str);
    let ways: [Hostile; 3] = [
        |stage, canary| cloned_in_part(stage, &format!("ext::{canary}"), &[("protocol.ext.allow", "always")]),
        |stage, canary| {
            let source = stage.folder().join("source").display().to_string();
            cloned_in_part(stage, &source, &[("remote.origin.uploadpack", canary)]);
        },
        |stage, canary| {
            cloned_in_part(
                stage,
                "ssh://host.example/x",
                &[("core.sshCommand", canary), ("ssh.variant", "simple")],
            );
        },
    ];
    for way in ways {
        let stage = Stage::demo();
        let (program, mark) = canary(&stage);
        way(&stage, &program);
        // The trap works: git alone runs the program.
        let _ = Command::new("git")
            .args(["diff", "--name-status", "-M", "HEAD~1..HEAD"])
            .current_dir(stage.folder())
            .output();
        assert!(mark.exists(), "the trap is none");
        std::fs::remove_file(&mark).unwrap();
        import_range(&stage).await;
        assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap());
    }
}

#[tokio::test(start_paused = true)]
async fn no_program_that_a_repository_names_is_run() {
    let stage = Stage::demo();
    let (program, mark) = canary(&stage);
    stage.write(
        "dist/old.html",
        "a page that is long enough to be found again\n".repeat(9),
    );
    stage.write(".gitattributes", "* diff=evil filter=evil merge=evil\n");
    git(&stage, &["init", "-q"]);
    git(&stage, &["add", ".gitattributes", "dist"]);
    git(&stage, &["commit", "-qm", "one"]);
    git(&stage, &["mv", "dist/old.html", "dist/new.html"]);
    stage.write(
        "dist/new.html",
        "a page that is long enough to be found again\n".repeat(8),
    );
    git(&stage, &["commit", "-qam", "two"]);
    for hook in [
        "post-checkout",
        "post-index-change",
        "pre-auto-gc",
        "fsmonitor-watchman",
        "reference-transaction",
    ] {
        std::fs::create_dir_all(stage.folder().join("hooks")).unwrap();
        std::os::unix::fs::symlink(&program, stage.folder().join("hooks").join(hook)).unwrap();
    }
    let hooks = stage.folder().join("hooks").display().to_string();
    for (name, value) in [
        ("core.hooksPath", hooks.as_str()),
        ("core.fsmonitor", &program),
        ("core.pager", &program),
        ("pager.diff", &program),
        ("core.editor", &program),
        ("core.askPass", &program),
        ("core.gitProxy", &program),
        ("credential.helper", &program),
        ("gpg.program", &program),
        ("diff.external", &program),
        ("diff.evil.command", &program),
        ("diff.evil.textconv", &program),
        ("filter.evil.clean", &program),
        ("filter.evil.smudge", &program),
        ("filter.evil.process", &program),
        ("merge.evil.driver", &program),
        ("alias.diff", &format!("!{program}")),
    ] {
        git(&stage, &["config", name, value]);
    }
    import_range(&stage).await;
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap());
}

#[tokio::test(start_paused = true)]
async fn outside_of_a_repository_git_says_so() {
    let stage = Stage::demo();
    stage.write(".git", "gitdir: /nowhere\n");
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, GIT).await;
            ask(&mut person, "main..HEAD").await;
            person.sees("git: not a git repository").await;
        })
        .await;
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_with_an_index_and_packed_parts() {
    let stage = Stage::demo();
    let index = "<sitemapindex><sitemap><loc>https://www.lumen-shop.example/pages.xml.gz</loc></sitemap>\n\
                 <sitemap><loc>https://www.lumen-shop.example/missing.xml</loc></sitemap></sitemapindex>";
    let page = |path: &str, day: &str| {
        format!("<url><loc>https://www.lumen-shop.example/{path}</loc><lastmod>{day}</lastmod></url>\n")
    };
    let pages = format!(
        "<urlset>\n{}{}</urlset>",
        page("old", "2026-11-01"),
        page("new", "2026-11-21")
    );
    stage.write("public/sitemap.xml", index);
    stage.write("public/pages.xml.gz", gzip(&pages));
    stage.write("bomb.xml.gz", gzip(&" ".repeat(65 * 1024 * 1024)));
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, SITEMAP).await;
            ask(&mut person, "public/sitemap.xml since 2d").await;
            person.sees("1 entry not changed since 2d").await;
            person
                .sees("sitemap public/missing.xml: public/missing.xml does not exist")
                .await;
            person.sees("public/pages.xml.gz line 3").await;
            person.press("<enter>");
            person.sees("1 line from public/sitemap.xml").await;
            // The menu selects the last choice, with the text typed for it.
            person.press("<c-o><enter>");
            person.sees("public/sitemap.xml since 2d").await;
            person.press("<c-u>bomb.xml.gz<enter>");
            person.sees("bomb.xml.gz decompresses to more than 64 MiB").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_folders_or_a_list_of_checksums() {
    let stage = Stage::demo();
    for (name, content) in [("old/same", "s"), ("old/sub/changed", "1"), ("old/gone", "g")] {
        stage.write(name, content);
    }
    for (name, content) in [
        ("new/same", "s"),
        ("new/sub/changed", "2"),
        ("new/.git/config", "x"),
        ("new/n", "n"),
    ] {
        stage.write(name, content);
    }
    // A link to its own folder does not lead down.
    std::os::unix::fs::symlink(".", stage.folder().join("new/loop")).unwrap();
    let sum = "043a718774c572bd8a25adbeb1bfcd5c0256ae11cecf9f9c3f925d0e52beaf89";
    stage.write("before.sha256", format!("{sum}  ./same\n"));
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, TREES).await;
            ask(&mut person, "old new").await;
            person.sees("1 symlink to a directory, not followed (loop)").await;
            let screen = person.sees("removed").await;
            for row in ["/n ", "/sub/changed ", "/gone "] {
                assert!(screen.contains(row), "{screen}");
            }
            person.sees("3 lines").await;
            person.press("<esc><c-u>before.sha256 old /=/s<enter>");
            person.sees("2 lines").await;
            person.sees("/s/gone").await;
            person.press("<esc><c-u>old new/n<enter>");
            person.sees("new/n contains no checksums").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_list_is_saved_found_merged_loaded_and_deleted() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.paste("# release\n/a\n/b");
            person.press("<c-l>");
            person.sees("no saved lists yet").await;
            person.press("a/b");
            person.sees("/ cannot be in a list's name").await;
            person.press("<backspace><backspace><backspace>Release 7");
            person.sees("save the current lines as Release 7").await;
            person.press("<enter>");
            person.sees("Saved the list (3 lines)").await;
            person.press("<enter>/c<c-l>");
            person.sees("16 B").await;
            person.press("<c-s>");
            person.sees("The list “Release 7” already exists").await;
            person.press("m");
            person.sees("Saved the list (4 lines)").await;
            person.press("<a-a><backspace>/z<c-l>rel");
            person.sees("19 B").await;
            person.sees("save the current lines as rel").await;
            person.press("<enter>");
            person
                .sees("added 4 lines from Release 7.txt; press Ctrl-Z to remove them")
                .await;
            person.press("<c-z>");
            person.misses("# release").await;
            person.press("<c-l>");
            person.sees("19 B").await;
            person.press("<c-d>");
            person.sees("Delete the list “Release 7”?").await;
            person.press("<esc><c-d><enter>");
            person.sees("no saved lists yet").await;
        })
        .await;
    assert_eq!(std::fs::read_dir(stage.lists()).unwrap().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn lists_are_files_that_a_person_edits() {
    let stage = Stage::demo();
    stage.write("config/lists/by hand.txt", "\u{feff}/a\r\n# note\r\n");
    stage.write("config/lists/notes.md", "no list");
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.press("<c-l>");
            let screen = person.sees("by hand").await;
            assert!(!screen.contains("notes"), "{screen}");
            person.press("<enter>");
            person.sees("2 lines from by hand.txt").await;
            person.press("<c-l>");
            person.sees("15 B").await;
            person.press("<c-s><enter>");
            person.sees("Saved the list (2 lines)").await;
        })
        .await;
    let text = std::fs::read_to_string(stage.lists().join("by hand.txt")).unwrap();
    assert_eq!(text, "/a\n# note\n");
}

#[tokio::test(start_paused = true)]
async fn lists_that_cannot_be_read_are_a_sentence() {
    let stage = Stage::demo();
    stage.write("config/lists", "a file where the folder should be");
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.press("/a<c-l>");
            person.sees("cannot be read").await;
            person.press("x<enter>");
            person.press("<esc>");
            person.misses("Saved lists").await;
            person.sees("/a").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn waiting_is_given_up_with_esc() {
    let stage = Stage::demo();
    for folder in 0..40 {
        stage.write(&format!("many/{folder}/x"), vec![0; 100_000]);
    }
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            import(&mut person, TREES).await;
            person.press("many many<enter><esc>");
            person.sees("› many many").await;
            person.waits(5).await;
            let screen = person.sees("Import: Two folders").await;
            assert!(!screen.contains("0 lines") && !screen.contains("cancelled"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_before_is_offered_behind_the_cursor() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            compose(&mut person).await;
            person.paste("/campaign/old.html\n/campaign/spring.html");
            person.press("<c-s>");
            person.sees("2 items will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
            person.press("<esc>");
            compose(&mut person).await;
            person.press("/campaign/s");
            person.sees("/campaign/spring.html").await;
            person.press("<left>");
            person.misses("/campaign/spring.html").await;
            person.press("<end><tab><enter>/next");
            person.sees("/next").await;
            let screen = person.sees("2 items").await;
            assert!(screen.contains("✓ /campaign/spring.html"), "{screen}");
            person.press("<c-z><c-z>");
            let screen = person.misses("/next").await;
            assert!(screen.contains("/campaign/s"), "{screen}");
        })
        .await;
}
