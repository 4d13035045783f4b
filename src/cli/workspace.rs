//! Where the workspace is, and how it is opened and made.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use crate::domain::calendar::Zone;
use crate::engine::{Access, Engine, NewWorkspace};

use super::BUSY;
use super::flags::Flags;
use super::output::{Failure, note};

/// The workspace file: `--db`, else `QUARTERDECK_DB`, else the data folder of the XDG rules.
///
/// # Errors
/// When the machine names no home folder.
pub fn path(flags: &Flags) -> Result<PathBuf, Failure> {
    if let Some(path) = &flags.db {
        return Ok(path.clone());
    }
    if let Some(path) = std::env::var_os("QUARTERDECK_DB").filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let folders = etcetera::choose_base_strategy()
        .map_err(|_| Failure::usage("no home folder, so no data folder; name the workspace with --db PATH"))?;
    Ok(folders.data_dir().join("quarterdeck").join("quarterdeck.db"))
}

/// Opens an existing workspace.
///
/// # Errors
/// Without a file: usage, with the three ways to get one. Else what the engine says.
pub fn open(path: &Path, access: Access) -> Result<Engine, Failure> {
    if !exists(path) {
        return Err(missing(path));
    }
    Ok(Engine::open(path, access, BUSY)?)
}

/// Whether something is there, a dangling link included.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

fn missing(path: &Path) -> Failure {
    Failure::usage(format!(
        "no workspace at {}; look around with `quarterdeck demo`, begin with `quarterdeck init`, or bring a file with \
         `quarterdeck import FILE`",
        path.display()
    ))
}

/// Makes a workspace, its folder included.
///
/// # Errors
/// When something is there already, and what the engine says.
pub fn create(path: &Path, profile: &NewWorkspace) -> Result<Engine, Failure> {
    if exists(path) {
        return Err(Failure::usage(format!("{} exists already; nothing was changed", path.display())));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)?;
    }
    Ok(Engine::create(path, profile)?)
}

/// Makes the folder of a workspace where there is none.
///
/// # Errors
/// What the system says.
pub fn make_folder(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::machine(format!("{}: {error}; choose another place with --db", folder.display())))
}

/// The machine's zone; UTC, and said so, where it has none that we know.
pub fn machine_zone() -> Zone {
    zone_of(std::env::var_os("TZ"), || std::fs::read_link("/etc/localtime").ok()).unwrap_or_else(|| {
        note("this machine names no time zone: UTC is used; `quarterdeck init --tz ZONE` chooses another");
        Zone::UTC
    })
}

/// `TZ` as POSIX reads it (empty is UTC, a leading colon is ignored), else the zone that a link points to.
fn zone_of(tz: Option<OsString>, link: impl Fn() -> Option<PathBuf>) -> Option<Zone> {
    if let Some(tz) = tz {
        let tz = tz.to_str()?;
        let name = tz.strip_prefix(':').unwrap_or(tz);
        let name = name.rsplit_once("zoneinfo/").map_or(name, |(_, zone)| zone);
        return if name.is_empty() { Some(Zone::UTC) } else { Zone::parse(name) };
    }
    let target = link()?;
    let (_, name) = target.to_str()?.rsplit_once("zoneinfo/")?;
    let name = name.strip_prefix("posix/").or_else(|| name.strip_prefix("right/")).unwrap_or(name);
    Zone::parse(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_comes_from_the_variable_and_else_from_the_link() {
        let name = |tz: Option<&str>, link: Option<&str>| {
            zone_of(tz.map(OsString::from), || link.map(PathBuf::from)).map(Zone::name)
        };
        assert_eq!(name(Some("Asia/Shanghai"), Some("/usr/share/zoneinfo/Europe/Rome")), Some("Asia/Shanghai"));
        assert_eq!(name(Some(":/usr/share/zoneinfo/Europe/Rome"), None), Some("Europe/Rome"));
        assert_eq!(name(Some(""), Some("/usr/share/zoneinfo/Europe/Rome")), Some("UTC"));
        assert_eq!(name(None, Some("../usr/share/zoneinfo/America/Argentina/Salta")), Some("America/Argentina/Salta"));
        assert_eq!(name(None, Some("/usr/share/zoneinfo/posix/Asia/Tokyo")), Some("Asia/Tokyo"));
        assert_eq!(name(Some("Nowhere/Land"), None), None);
        assert_eq!(name(None, None), None);
    }
}
