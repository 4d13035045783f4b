//! Files that the operator saves from a screen: new ones only, never in place of another.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::files;

/// How many names are tried before giving up.
const TRIES: u32 = 1_000;

/// Writes a new file into a folder and gives its path; where the name is taken, `name-2.csv` and so on.
///
/// # Errors
/// One line: what, where, why.
pub fn write(folder: &Path, name: &str, text: &str) -> Result<String, String> {
    let told = |path: &Path, error: &io::Error| format!("cannot write {}: {error}", path.display());
    for n in 1..=TRIES {
        let path = folder.join(numbered(name, n));
        match files::create_new(&path) {
            Ok(mut file) => {
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                return written.map(|()| path.display().to_string()).map_err(|error| told(&path, &error));
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(told(&path, &error)),
        }
    }
    Err(format!("cannot write {}: {TRIES} files of that name exist", folder.join(name).display()))
}

/// `revenue.csv`, `revenue-2.csv`, ..
fn numbered(name: &str, n: u32) -> PathBuf {
    if n == 1 {
        return name.into();
    }
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{n}.{extension}").into(),
        None => format!("{name}-{n}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str) -> String {
        io::read_to_string(files::open_read(Path::new(path)).unwrap()).unwrap()
    }

    #[test]
    fn a_taken_name_gets_a_number_and_the_other_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let first = write(folder.path(), "a.csv", "one").unwrap();
        let second = write(folder.path(), "a.csv", "two").unwrap();
        assert!(first.ends_with("/a.csv") && second.ends_with("/a-2.csv"), "{first} {second}");
        assert_eq!(read(&first), "one");
        assert_eq!(read(&second), "two");
        assert!(write(&folder.path().join("absent"), "a.csv", "").unwrap_err().starts_with("cannot write"));
    }
}
