//! A long text in the operator's own editor: the terminal is given back for as long as that runs.

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::files;

/// Largest text that is taken back, in bytes.
const LARGEST: u64 = 256 << 10;

/// How many names of temporary files are tried.
const TRIES: u32 = 100;

/// The editor that is set: `VISUAL`, else `EDITOR`.
pub fn set() -> Option<String> {
    let named = ["VISUAL", "EDITOR"].into_iter().filter_map(|name| std::env::var(name).ok());
    named.map(|editor| editor.trim().to_owned()).find(|editor| !editor.is_empty())
}

/// Lets an editor change a text and gives what it left; the terminal must be as it was found.
///
/// # Errors
/// One line: the editor is missing or failed, or what it left is no text.
pub fn edit(editor: &str, text: &str) -> Result<String, String> {
    let path = written(text)?;
    let edited = run(editor, &path).and_then(|()| read(&path));
    // A file that cannot be removed is the operator's to find; the text is what matters.
    let _ = files::remove(&path);
    edited
}

/// A file of one's own with the text in it.
fn written(text: &str) -> Result<PathBuf, String> {
    let folder = std::env::temp_dir();
    let told = |error: &io::Error| format!("no file for the editor in {}: {error}; set TMPDIR", folder.display());
    for n in 1..=TRIES {
        let path = folder.join(format!("quarterdeck-{}-{n}.txt", std::process::id()));
        match files::create_new(&path) {
            Ok(mut file) => {
                let line = if text.is_empty() { "" } else { "\n" };
                let done = file.write_all(text.as_bytes()).and_then(|()| file.write_all(line.as_bytes()));
                return done.map(|()| path).map_err(|error| told(&error));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(told(&error)),
        }
    }
    Err(format!("no file for the editor in {}: {TRIES} are left over there; remove them", folder.display()))
}

/// By the shell, as every program does it: the setting may hold options.
fn run(editor: &str, path: &Path) -> Result<(), String> {
    let command = format!("{editor} \"$1\"");
    let ended = Command::new("/bin/sh").args(["-c", &command, "sh"]).arg(path).status();
    match ended.map(|status: ExitStatus| status.code()) {
        Ok(Some(0)) => Ok(()),
        Ok(Some(126 | 127)) => Err(format!("the editor {editor} cannot be run; set VISUAL or EDITOR to one that can")),
        Ok(code) => {
            let code = code.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
            Err(format!("the editor {editor} ended with {code}; the text stays as it was"))
        }
        Err(error) => Err(format!("the editor {editor} cannot be run: {error}; the text stays as it was")),
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = files::open_read(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    let read =
        read.map_err(|error| format!("what the editor left cannot be read: {error}; the text stays as it was"))?;
    if read as u64 > LARGEST {
        return Err(format!("the text is longer than {} KiB; it stays as it was", LARGEST >> 10));
    }
    let text = String::from_utf8(bytes).map_err(|_| "what the editor left is no UTF-8; the text stays as it was")?;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    Ok(lines.join("\n").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_editor_leaves_is_taken_and_its_file_is_gone() {
        assert_eq!(edit("sed -i s/old/new/", "old\ntext").as_deref(), Ok("new\ntext"));
        assert_eq!(edit("true", "").as_deref(), Ok(""));
        let path = edit("sh -c 'echo \"$1\" > \"$1\"' sh", "").unwrap();
        assert!(path.contains("quarterdeck-") && !Path::new(&path).exists(), "{path}");
    }

    #[test]
    fn an_editor_that_fails_changes_nothing_and_says_so() {
        assert!(edit("no-such-editor", "text").unwrap_err().contains("cannot be run"));
        assert!(edit("exit 3;", "text").unwrap_err().contains("code 3"));
        assert!(edit("printf '\\377' >", "text").unwrap_err().contains("UTF-8"));
        assert!(edit("head -c 300000 /dev/zero >", "text").unwrap_err().contains("longer"));
        assert!(edit("rm", "text").unwrap_err().contains("cannot be read"));
    }
}
