//! Writes the Rust module.

use std::fmt::Write;

use crate::model::{Message, Piece, Text, rust_name};

const HEAD: &str = "// Written by language-build from the .ftl files of this crate. Do not edit.\n\
use ::language::Lang;\n\n";

const LOOKUP: &str = "
/// The text of a key that code chose (`problem-<code>`); `None` when there is no such key or an argument is missing.
pub fn lookup(lang: Lang, id: &str, args: &[(&str, String)]) -> Option<String> {
    let index = TEXTS.binary_search_by_key(&id, |(key, _)| *key).ok()?;
    TEXTS.get(index).and_then(|(_, text)| text(lang, args))
}

type ByName = fn(Lang, &[(&str, String)]) -> Option<String>;
";

const ARG: &str = "
fn arg<'a>(args: &'a [(&str, String)], name: &str) -> Option<&'a str> {
    args.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}
";

/// The whole module.
pub(crate) fn module(texts: &[Text]) -> String {
    let mut code = String::from(HEAD);
    for text in texts {
        if let (Some(zh), Some(en)) = (text.zh.plain(), text.en.plain()) {
            constant(&mut code, &text.key, &zh, &en);
        } else {
            function(&mut code, text);
        }
    }
    code.push_str(LOOKUP);
    if texts.iter().any(|text| !text.args.is_empty()) {
        code.push_str(ARG);
    }
    table(&mut code, texts);
    code
}

fn constant(code: &mut String, key: &str, zh: &str, en: &str) {
    let _ = write!(
        code,
        "/// `{key}`: {doc}\npub const fn {name}(lang: Lang) -> &'static str {{\n    \
         match lang {{\n        Lang::ZhCn => {zh},\n        Lang::En => {en},\n    }}\n}}\n\n",
        doc = doc(zh),
        name = ident(&rust_name(key)),
        zh = literal(zh),
        en = literal(en),
    );
}

fn function(code: &mut String, text: &Text) {
    let params: Vec<String> =
        text.args.iter().map(|arg| format!(", {}: impl ::std::fmt::Display", ident(arg))).collect();
    let _ = writeln!(
        code,
        "/// `{key}`: {doc}\npub fn {name}(lang: Lang{params}) -> String {{",
        key = text.key,
        doc = doc(&sketch(&text.zh)),
        name = ident(&rust_name(&text.key)),
        params = params.concat(),
    );
    for arg in &text.args {
        if chosen(&text.zh.pieces, arg) || chosen(&text.en.pieces, arg) {
            let _ = writeln!(code, "    let {arg} = {arg}.to_string();", arg = ident(arg));
        }
    }
    let _ = writeln!(
        code,
        "    match lang {{\n        Lang::ZhCn => {},\n        Lang::En => {},\n    }}\n}}\n",
        body(&text.zh.pieces),
        body(&text.en.pieces),
    );
}

fn table(code: &mut String, texts: &[Text]) {
    let _ = writeln!(code, "\nstatic TEXTS: [(&str, ByName); {}] = [", texts.len());
    for text in texts {
        let args: Vec<String> =
            text.args.iter().map(|arg| format!(", arg(args, {})?", literal(arg))).collect();
        let call = format!("{}(lang{})", ident(&rust_name(&text.key)), args.concat());
        let plain = text.zh.plain().is_some() && text.en.plain().is_some();
        let (args, value) = if plain { ("_", format!("{call}.to_owned()")) } else { ("args", call) };
        let _ = writeln!(code, "    ({}, |lang, {args}| Some({value})),", literal(&text.key));
    }
    code.push_str("];\n");
}

/// Whether a choice is made on the argument anywhere in the pieces.
fn chosen(pieces: &[Piece], name: &str) -> bool {
    pieces.iter().any(|piece| match piece {
        Piece::Text(_) | Piece::Arg(_) => false,
        Piece::Select { arg, cases, default } => {
            arg == name || chosen(default, name) || cases.iter().any(|(_, pieces)| chosen(pieces, name))
        }
    })
}

/// An expression of type `String`.
fn body(pieces: &[Piece]) -> String {
    match pieces {
        [] => "String::new()".to_owned(),
        [Piece::Text(text)] => format!("{}.to_owned()", literal(text)),
        [Piece::Select { arg, cases, default }] => choice(arg, cases, default),
        _ => {
            let mut template = String::new();
            let mut values = Vec::new();
            for piece in pieces {
                match piece {
                    Piece::Text(text) => {
                        template.push_str(&escape(text).replace('{', "{{").replace('}', "}}"))
                    }
                    Piece::Arg(name) => {
                        template.push_str("{}");
                        values.push(ident(name));
                    }
                    Piece::Select { arg, cases, default } => {
                        template.push_str("{}");
                        values.push(choice(arg, cases, default));
                    }
                }
            }
            format!("format!(\"{template}\", {})", values.join(", "))
        }
    }
}

fn choice(arg: &str, cases: &[(String, Vec<Piece>)], default: &[Piece]) -> String {
    let arms: Vec<String> =
        cases.iter().map(|(key, pieces)| format!("{} => {}, ", literal(key), body(pieces))).collect();
    if arms.is_empty() {
        return body(default);
    }
    format!("match {}.as_str() {{ {}_ => {} }}", ident(arg), arms.concat(), body(default))
}

fn sketch(message: &Message) -> String {
    message
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Arg(name) | Piece::Select { arg: name, .. } => format!("${name}"),
        })
        .collect()
}

/// One line fit for a doc comment, as code so that nothing in it is read as markup.
fn doc(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
    format!("`{line}`")
}

fn literal(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r")
}

const KEYWORDS: [&str; 50] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "arg",
    "lookup",
];

fn ident(name: &str) -> String {
    match name {
        "arg" | "lookup" => format!("{name}_"),
        _ if KEYWORDS.contains(&name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}
