//! Reads the files of one language and refuses what the generator does not know.

use std::{fs, path::Path};

use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Resource, Variant, VariantKey},
    parser,
    unicode::unescape_unicode_to_string,
};

use crate::{
    BuildError,
    check::spaced,
    model::{Message, Messages, Piece},
};

const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Reads every `.ftl` file of a folder, in the order of their names.
pub(crate) fn folder(
    dir: &Path,
    language: &str,
    chinese: bool,
    problems: &mut Vec<String>,
) -> Result<Messages, BuildError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| BuildError::io(dir, &error))? {
        let path = entry.map_err(|error| BuildError::io(dir, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "ftl") {
            files.push(path);
        }
    }
    files.sort();
    let mut messages = Messages::new();
    for path in files {
        let source = fs::read_to_string(&path).map_err(|error| BuildError::io(&path, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let mut reader = Reader { file: format!("{language}/{name}"), chinese, problems };
        reader.source(&source, &mut messages);
    }
    Ok(messages)
}

struct Reader<'p> {
    file: String,
    chinese: bool,
    problems: &'p mut Vec<String>,
}

impl Reader<'_> {
    fn say(&mut self, key: &str, what: &str) {
        self.problems.push(format!("{}: `{key}`: {what}", self.file));
    }

    fn source(&mut self, source: &str, messages: &mut Messages) {
        let resource: Resource<&str> = match parser::parse(source) {
            Ok(resource) => resource,
            Err((resource, errors)) => {
                for error in errors {
                    let line = source.get(..error.pos.start).unwrap_or(source).lines().count().max(1);
                    self.problems.push(format!("{}: line {line}: {}", self.file, error.kind));
                }
                resource
            }
        };
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    if let Some(value) = &message.value {
                        self.add(message.id.name.to_owned(), value, messages);
                    }
                    for attribute in &message.attributes {
                        let key = format!("{}.{}", message.id.name, attribute.id.name);
                        self.add(key, &attribute.value, messages);
                    }
                }
                Entry::Term(term) => self.say(term.id.name, "terms (-name) are not supported"),
                Entry::Comment(_)
                | Entry::GroupComment(_)
                | Entry::ResourceComment(_)
                | Entry::Junk { .. } => {}
            }
        }
    }

    fn add(&mut self, key: String, value: &Pattern<&str>, messages: &mut Messages) {
        let mut pieces = self.pattern(&key, value);
        if self.chinese {
            spaced(&mut pieces);
        }
        let message = Message { file: self.file.clone(), pieces };
        if let Some(earlier) = messages.insert(key.clone(), message) {
            self.say(&key, &format!("is already in {}", earlier.file));
        }
    }

    fn pattern(&mut self, key: &str, pattern: &Pattern<&str>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            let piece = match element {
                PatternElement::TextElement { value } => Some(Piece::Text((*value).to_owned())),
                PatternElement::Placeable { expression } => self.expression(key, expression),
            };
            match (pieces.last_mut(), piece) {
                (Some(Piece::Text(before)), Some(Piece::Text(text))) => before.push_str(&text),
                (_, Some(piece)) => pieces.push(piece),
                (_, None) => {}
            }
        }
        pieces
    }

    fn expression(&mut self, key: &str, expression: &Expression<&str>) -> Option<Piece> {
        match expression {
            Expression::Inline(inline) => self.inline(key, inline),
            Expression::Select { selector: InlineExpression::VariableReference { id }, variants } => {
                self.select(key, id.name, variants)
            }
            Expression::Select { .. } => {
                self.say(key, "a choice is made on an argument: { $name -> ... }");
                None
            }
        }
    }

    fn inline(&mut self, key: &str, inline: &InlineExpression<&str>) -> Option<Piece> {
        let unknown = match inline {
            InlineExpression::VariableReference { id } => return Some(Piece::Arg(self.arg(key, id.name))),
            InlineExpression::StringLiteral { value } => {
                return Some(Piece::Text(unescape_unicode_to_string(value).into_owned()));
            }
            InlineExpression::NumberLiteral { value } => return Some(Piece::Text((*value).to_owned())),
            InlineExpression::Placeable { expression } => return self.expression(key, expression),
            InlineExpression::FunctionReference { .. } => "functions are not supported: pass a finished text",
            InlineExpression::MessageReference { .. } => "references to messages are not supported",
            InlineExpression::TermReference { .. } => "references to terms are not supported",
        };
        self.say(key, unknown);
        None
    }

    fn select(&mut self, key: &str, arg: &str, variants: &[Variant<&str>]) -> Option<Piece> {
        let names: Vec<&str> = variants.iter().map(name).collect();
        let plural = variants.iter().all(|variant| {
            matches!(variant.key, VariantKey::NumberLiteral { .. }) || CATEGORIES.contains(&name(variant))
        });
        let mut cases = Vec::new();
        let mut default = Vec::new();
        for variant in variants {
            let pieces = self.pattern(key, &variant.value);
            let name = name(variant);
            if names.iter().filter(|other| **other == name).count() > 1 {
                self.say(key, &format!("the case [{name}] is there twice"));
            }
            if variant.default {
                if plural && name != "other" {
                    self.say(key, "the default of a plural is *[other]");
                }
                default = pieces;
                continue;
            }
            match (plural, name) {
                (true, "one") if !self.chinese => cases.push(("1".to_owned(), pieces)),
                (true, "zero" | "one" | "two" | "few" | "many" | "other") => {
                    self.say(key, &format!("this language has no plural [{name}]; write [0], [1] or [2]"));
                }
                (_, name) => cases.push((name.to_owned(), pieces)),
            }
        }
        Some(Piece::Select { arg: self.arg(key, arg), cases, default })
    }

    fn arg(&mut self, key: &str, name: &str) -> String {
        let name = name.replace('-', "_").to_lowercase();
        if ["lang", "out", "self", "super", "crate"].contains(&name.as_str()) {
            self.say(key, &format!("the argument ${name} needs another name"));
        }
        name
    }
}

fn name<'v>(variant: &Variant<&'v str>) -> &'v str {
    match variant.key {
        VariantKey::Identifier { name } => name,
        VariantKey::NumberLiteral { value } => value,
    }
}
