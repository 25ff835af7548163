import Retrieval

/// The reference of specs as a page of Markdown: every section, every component, every field.
public enum ReferencePage {
    public static func text(for catalog: Catalog) -> String {
        let outline = SpecOutline(catalog: catalog)
        var page = """
            # Reference: what a spec can say

            <!-- Written by scripts/generate from the catalogue that decodes specs; do not edit. -->

            Every key of a spec, and every component with its fields. `tfrs-run explain KEY` says \
            the same of one of them. [experiment.schema.json](experiment.schema.json) is this page \
            as a JSON Schema, for editors; [results.schema.json](results.schema.json) describes \
            the results files.

            A component that needs no fields may be given by its bare name: `loss: hinge` is \
            `loss: {type: hinge}`. A key that is left out has its default. At the top, keys that \
            begin with `x-` are your own: they are passed over, a place for what anchors refer to, and \
            for values that several places share: where a value is `${x-dim}`, it is that of the \
            key `x-dim`, and `--set x-dim=64` or an axis of a sweep over `x-dim` varies them all.

            - [Sections](#sections)\(contents(outline))

            ## Sections

            \(sections())
            """
        for kind in outline.kinds { page += "\n" + family(kind, outline) }
        return page
    }

    private static func contents(_ outline: SpecOutline) -> String {
        outline.kinds.map { "\n- " + link($0, $0.pluralNoun.capitalizedFirst) }.joined()
    }

    private static func link(_ kind: AnyComponentKind, _ text: String) -> String {
        "[\(text)](#\(kind.pluralNoun.replacing(" ", with: "-")))"
    }

    // MARK: Sections

    /// The top level, then a table for each of its sections.
    private static func sections() -> String {
        let fields = ExperimentSpec.fileDescription.fields
        var text = table(fields.map { SpecOutline.Row(path: $0.name, field: $0) })
        for field in fields {
            let inner =
                field.type.objects.flatMap(\.object.fields)
                + field.type.slots.flatMap(\.slot.commonFields)
            guard !inner.isEmpty else { continue }
            text += "\n### `\(field.name)`\n\n\(field.summary)"
            for (slot, _) in field.type.slots {
                text +=
                    " `\(slot.discriminator)` names one of the "
                    + "\(link(slot.kind, slot.kind.pluralNoun)), whose fields stand beside these."
            }
            text += "\n\n" + table(SpecOutline.rows(inner, at: field.name + "."))
        }
        return text
    }

    // MARK: Components

    private static func family(_ kind: AnyComponentKind, _ outline: SpecOutline) -> String {
        let places = outline.places.filter { $0.slot.kind == kind }
        let keys = places.map { "`\($0.path)`" }.joined(separator: ", ")
        var text = "## \(kind.pluralNoun.capitalizedFirst)\n\nWhere: \(keys)"
        if let discriminator = places.first?.slot.discriminator {
            text += "; the name is given by `\(discriminator)`"
        }
        text += ".\n"
        for description in outline.catalog.descriptions(of: kind) {
            text += "\n### `\(description.name)`\n\n\(description.summary)\n\n"
            text += "Source: \(description.source).\n"
            if !description.fields.isEmpty {
                text += "\n" + table(SpecOutline.rows(description.fields))
            }
        }
        return text
    }

    // MARK: Tables

    private static func table(_ rows: [SpecOutline.Row]) -> String {
        "| key | value | default | meaning |\n|---|---|---|---|\n"
            + rows.map { row in
                let cells = [
                    "`\(row.path)`", value(row.field), defaultValue(row.field), row.field.summary,
                ]
                return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")
                    + " |\n"
            }.joined()
    }

    /// The type, a component's as a link to its family.
    private static func value(_ field: FieldDescription) -> String {
        guard let slot = field.type.slots.first?.slot else { return FieldText.type(field) }
        let text = FieldText.type(field)
        for noun in [slot.kind.pluralNoun, slot.kind.noun] where text.contains(noun) {
            return text.replacing(noun, with: link(slot.kind, noun), maxReplacements: 1)
        }
        return text
    }

    private static func defaultValue(_ field: FieldDescription) -> String {
        let text = FieldText.defaultValue(field)
        return field.isRequired || text.contains(" defaults") ? text : "`\(text)`"
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
