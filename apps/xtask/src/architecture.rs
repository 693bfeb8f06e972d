//! Who may know whom: `docs/architecture.toml` against what the manifests say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::{
    metadata::{Dependency, Metadata, Package},
    run,
};

/// The reviewed list.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    /// Room -> rooms it may depend on; `"*"` stands for every other room in `crates/`.
    crates: BTreeMap<String, Vec<String>>,
    /// Capability -> capabilities it may depend on.
    capabilities: BTreeMap<String, Vec<String>>,
    /// What looks at the product from outside -> what of it it may know.
    #[serde(default)]
    tests: BTreeMap<String, Vec<String>>,
    /// Rooms anybody may use under `[dev-dependencies]`.
    #[serde(default)]
    dev_for_all: Vec<String>,
    /// Rooms anybody may use under `[build-dependencies]`.
    #[serde(default)]
    build_for_all: Vec<String>,
    /// Packages from outside that only some may name.
    #[serde(default)]
    only: Vec<Only>,
    /// Packages from outside that nobody may bring in, not even by way of another.
    #[serde(default)]
    banned: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Only {
    packages: Vec<String>,
    rooms: Vec<String>,
    /// Rooms whose tests may name them as well.
    #[serde(default)]
    tests: Vec<String>,
}

/// The floors of the house; who stands on one may look down, never up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Floor {
    Kernel,
    Room,
    Capability,
    Application,
    /// Programs that look at the product from outside.
    Acceptance,
}

impl Floor {
    fn of(metadata: &Metadata, package: &Package) -> Option<Self> {
        let folder = metadata.folder(package);
        match folder.components().next()?.as_os_str().to_str()? {
            "crates" if folder.ends_with("kernel") => Some(Self::Kernel),
            "crates" => Some(Self::Room),
            "capabilities" => Some(Self::Capability),
            "apps" => Some(Self::Application),
            "tests" => Some(Self::Acceptance),
            _ => None,
        }
    }
}

/// Checks the workspace as it is on disk.
pub fn check() -> Result<Vec<String>> {
    let list = run::root().join("docs/architecture.toml");
    let text = fs::read_to_string(&list).with_context(|| format!("cannot read {}", list.display()))?;
    let allowed: Allowed = toml::from_str(&text).context("docs/architecture.toml")?;
    let lock = fs::read_to_string(run::root().join("Cargo.lock")).unwrap_or_default();
    let mut found = violations(&Metadata::load()?, &allowed);
    found.extend(banned_in_lock(&lock, &allowed.banned));
    Ok(found)
}

/// Everything that breaks the list, each by name.
pub fn violations(metadata: &Metadata, allowed: &Allowed) -> Vec<String> {
    let mut found = Vec::new();
    let floors: BTreeMap<&str, Floor> = metadata
        .packages
        .iter()
        .filter_map(|package| Some((package.name.as_str(), Floor::of(metadata, package)?)))
        .collect();
    for package in &metadata.packages {
        let Some(floor) = floors.get(package.name.as_str()).copied() else {
            found.push(format!("{} lies in none of apps, capabilities, crates, tests", package.name));
            continue;
        };
        found.extend(unlisted(package, floor, allowed));
        for dependency in &package.dependencies {
            let problem = match floors.get(dependency.name.as_str()) {
                Some(target) => inside(package, floor, dependency, *target, allowed),
                None => outside(metadata, package, dependency, allowed),
            };
            found.extend(problem);
        }
    }
    let inner = |list: &BTreeMap<String, Vec<String>>| -> Edges {
        list.iter().map(|(from, to)| (from.clone(), to.iter().cloned().collect())).collect()
    };
    found.extend(cycle(&actual_edges(metadata, &floors)).map(|path| format!("cycle: {path}")));
    for (name, list) in [("crates", &allowed.crates), ("capabilities", &allowed.capabilities)] {
        found.extend(cycle(&inner(list)).map(|path| format!("cycle in the list [{name}]: {path}")));
    }
    found
}

fn unlisted(package: &Package, floor: Floor, allowed: &Allowed) -> Option<String> {
    let list = match floor {
        Floor::Room => &allowed.crates,
        Floor::Capability => &allowed.capabilities,
        Floor::Acceptance => &allowed.tests,
        Floor::Kernel | Floor::Application => return None,
    };
    (!list.contains_key(&package.name))
        .then(|| format!("{} has no line in docs/architecture.toml", package.name))
}

fn inside(
    package: &Package,
    floor: Floor,
    dependency: &Dependency,
    target: Floor,
    allowed: &Allowed,
) -> Option<String> {
    let (from, to) = (&package.name, &dependency.name);
    let for_all = match dependency.kind.as_deref() {
        Some("dev") => &allowed.dev_for_all[..],
        Some("build") => &allowed.build_for_all,
        _ => &[],
    };
    if for_all.contains(to) {
        return None;
    }
    if target > floor {
        return Some(format!("{from} -> {to} looks up: apps -> capabilities -> crates -> kernel"));
    }
    if floor == Floor::Application && target == Floor::Application {
        return Some(format!("{from} -> {to}: applications do not depend on each other"));
    }
    let list = match (floor, target) {
        (Floor::Room, Floor::Room | Floor::Kernel) => &allowed.crates,
        (Floor::Capability, Floor::Capability) => &allowed.capabilities,
        (Floor::Acceptance, _) => &allowed.tests,
        _ => return None,
    };
    let listed = list.get(from).is_some_and(|to_list| to_list.iter().any(|name| name == to || name == "*"));
    (!listed).then(|| format!("{from} -> {to} is not listed in docs/architecture.toml"))
}

fn outside(
    metadata: &Metadata,
    package: &Package,
    dependency: &Dependency,
    allowed: &Allowed,
) -> Option<String> {
    let name = &dependency.name;
    if allowed.banned.contains(name) {
        return Some(format!("{} depends on {name}, which is banned", package.name));
    }
    let only = allowed.only.iter().find(|only| only.packages.contains(name))?;
    let folder = metadata.folder(package).to_string_lossy();
    let in_tests: &[String] = if dependency.kind.as_deref() == Some("dev") { &only.tests } else { &[] };
    let may = only.rooms.iter().chain(in_tests).any(|room| match room.strip_suffix("/*") {
        Some(parent) => folder.strip_prefix(parent).is_some_and(|rest| rest.starts_with('/')),
        None => *room == folder,
    });
    (!may).then(|| format!("{} depends on {name}, which only {} may", package.name, only.rooms.join(", ")))
}

type Edges = BTreeMap<String, BTreeSet<String>>;

/// Edges the linker follows; tests may look back.
fn actual_edges(metadata: &Metadata, floors: &BTreeMap<&str, Floor>) -> Edges {
    let edges_of = |package: &Package| {
        let inner = package.dependencies.iter().filter(|dependency| {
            dependency.kind.as_deref() != Some("dev") && floors.contains_key(dependency.name.as_str())
        });
        inner.map(|dependency| dependency.name.clone()).collect()
    };
    metadata.packages.iter().map(|package| (package.name.clone(), edges_of(package))).collect()
}

/// One cycle, as `a -> b -> a`, if there is any.
fn cycle(edges: &Edges) -> Option<String> {
    fn visit<'a>(
        edges: &'a Edges,
        at: &'a str,
        path: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) -> Option<String> {
        if let Some(start) = path.iter().position(|name| *name == at) {
            let round = path.iter().skip(start).copied().chain([at]);
            return Some(round.collect::<Vec<_>>().join(" -> "));
        }
        if done.contains(at) {
            return None;
        }
        path.push(at);
        let found = edges.get(at).into_iter().flatten().find_map(|next| visit(edges, next, path, done));
        path.pop();
        done.insert(at);
        found
    }
    let mut done = BTreeSet::new();
    edges.keys().find_map(|name| visit(edges, name, &mut Vec::new(), &mut done))
}

/// Banned packages that came in by way of another.
fn banned_in_lock(lock: &str, banned: &[String]) -> Vec<String> {
    let names: BTreeSet<&str> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .filter(|name| banned.iter().any(|banned| banned == name))
        .collect();
    names.into_iter().map(|name| format!("Cargo.lock holds {name}, which is banned")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = r#"
        banned = ["chrono"]
        dev_for_all = ["helper"]
        build_for_all = ["builder"]
        [[only]]
        packages = ["driver"]
        rooms = ["crates/store", "capabilities/*"]
        tests = ["crates/helper"]
        [crates]
        kernel = []
        store = ["kernel"]
        journal = ["kernel", "store"]
        helper = ["*"]
        builder = []
        [capabilities]
        hazard = []
        patrol = ["hazard"]
    "#;

    fn found(packages: &[(&str, &[(&str, &str)])]) -> Vec<String> {
        let package = |(folder, dependencies): &(&str, &[(&str, &str)])| {
            serde_json::json!({
                "name": folder.rsplit('/').next(),
                "manifest_path": format!("/w/{folder}/Cargo.toml"),
                "dependencies": dependencies.iter().map(|(name, kind)| serde_json::json!({
                    "name": name,
                    "kind": if kind.is_empty() { None } else { Some(kind) },
                })).collect::<Vec<_>>(),
            })
        };
        let packages: Vec<_> = packages.iter().map(package).collect();
        let json = serde_json::json!({ "packages": packages, "workspace_root": "/w" });
        violations(&serde_json::from_value(json).unwrap(), &toml::from_str(LIST).unwrap())
    }

    #[test]
    fn a_house_in_order_is_silent() {
        let nothing: [String; 0] = [];
        let house = found(&[
            ("crates/kernel", &[("serde", "")]),
            ("crates/store", &[("kernel", ""), ("driver", ""), ("helper", "dev"), ("builder", "build")]),
            ("crates/journal", &[("kernel", ""), ("store", "")]),
            ("crates/helper", &[("store", ""), ("journal", ""), ("driver", "dev")]),
            ("crates/builder", &[]),
            ("capabilities/hazard", &[("kernel", ""), ("journal", ""), ("driver", "dev")]),
            ("capabilities/patrol", &[("hazard", "")]),
            ("apps/xiaoan", &[("patrol", ""), ("kernel", "")]),
        ]);
        assert_eq!(house, nothing);
    }

    #[test]
    fn an_edge_upward_is_named() {
        let house = found(&[("crates/store", &[("hazard", "")]), ("capabilities/hazard", &[])]);
        assert_eq!(house, ["store -> hazard looks up: apps -> capabilities -> crates -> kernel"]);
        let house = found(&[("crates/kernel", &[("store", "dev")]), ("crates/store", &[])]);
        assert_eq!(house, ["kernel -> store looks up: apps -> capabilities -> crates -> kernel"]);
    }

    #[test]
    fn an_edge_not_listed_is_named() {
        let house = found(&[("crates/store", &[("builder", "")]), ("crates/builder", &[])]);
        assert_eq!(house, ["store -> builder is not listed in docs/architecture.toml"]);
        let house = found(&[("capabilities/hazard", &[("patrol", "")]), ("capabilities/patrol", &[])]);
        assert_eq!(house, ["hazard -> patrol is not listed in docs/architecture.toml"]);
        let house = found(&[("apps/xiaoan", &[("xtask", "")]), ("apps/xtask", &[])]);
        assert_eq!(house, ["xiaoan -> xtask: applications do not depend on each other"]);
    }

    #[test]
    fn a_room_nobody_listed_or_in_no_place_is_named() {
        assert_eq!(found(&[("crates/cellar", &[])]), ["cellar has no line in docs/architecture.toml"]);
        assert_eq!(
            found(&[("shed/cellar", &[])]),
            ["cellar lies in none of apps, capabilities, crates, tests"]
        );
    }

    #[test]
    fn a_cycle_is_named_with_its_way() {
        let house = found(&[
            ("crates/store", &[("journal", "")]),
            ("crates/journal", &[("store", "")]),
            ("crates/kernel", &[]),
        ]);
        assert!(house.contains(&"cycle: journal -> store -> journal".to_owned()), "{house:?}");
        let list: Allowed = toml::from_str("[crates]\na = ['b']\nb = ['a']\n[capabilities]").unwrap();
        let empty = Metadata { packages: Vec::new(), workspace_root: "/w".into() };
        assert_eq!(violations(&empty, &list), ["cycle in the list [crates]: a -> b -> a"]);
    }

    #[test]
    fn a_banned_package_and_a_driver_elsewhere_are_named() {
        let house = found(&[("apps/xiaoan", &[("chrono", "")]), ("crates/journal", &[("driver", "build")])]);
        assert_eq!(
            house,
            [
                "xiaoan depends on chrono, which is banned",
                "journal depends on driver, which only crates/store, capabilities/* may",
            ]
        );
        let house = found(&[("crates/helper", &[("driver", "")]), ("crates/journal", &[("driver", "dev")])]);
        assert_eq!(house.len(), 2, "only in tests, and only there: {house:?}");
        let lock = "[[package]]\nname = \"chrono\"\nversion = \"0.4\"\n[[package]]\nname = \"chrono-tz\"\n";
        assert_eq!(
            banned_in_lock(lock, &["chrono".to_owned()]),
            ["Cargo.lock holds chrono, which is banned"]
        );
    }
}
