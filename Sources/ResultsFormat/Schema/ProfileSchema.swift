extension RunProfile {
    static var schema: RecordSchema {
        RecordSchema(
            .optional("parameters", .integer(from: 0), "Numbers that the model consists of."),
            .optional(
                "candidate_popularity",
                RecordSchema(
                    .required("ranks", .list(of: .integer(from: 1)), "From the most popular on."),
                    .required(
                        "interactions", .list(of: .integer(from: 0)),
                        "Training interactions of the candidates at these ranks."),
                    .optional(
                        "share_of_top_tenth", .nonnegative,
                        "Of the training interactions, that of the most popular tenth.")
                ).json, "How popular candidates are in the training part."),
            .optional(
                "query_histories",
                RecordSchema(
                    .optional(
                        "median", .integer(from: 0),
                        "Half of the queries have at most so many training interactions."),
                    .required("bins", .list(of: HistoryBin.schema.json), "Counts of queries.")
                ).json, "Queries by their number of training interactions."),
            .optional("time", TimeProfile.schema.json, "Interactions over time."),
            .optional(
                "evaluation", .map(of: PartProfile.schema.json),
                "Where positives were found, by part of the data."))
    }
}

extension HistoryBin {
    static var schema: RecordSchema {
        RecordSchema(
            .required("from", .integer(from: 0), "The least number of training interactions."),
            .required("to", .integer(from: 0), "The largest one."),
            .required("queries", .integer(from: 0), "How many queries have so many."))
    }
}

extension TimeProfile {
    static var schema: RecordSchema {
        RecordSchema(
            .required("column", .text, "The column of the times."),
            .required("start", .anyNumber, "Seconds since 1970 of the first stretch."),
            .required("step_seconds", .nonnegative, "The length of each stretch."),
            .required(
                "parts", .map(of: .list(of: .integer(from: 0))),
                "Interactions of each stretch, by part of the data."))
    }
}

extension PartProfile {
    static var schema: RecordSchema {
        RecordSchema(
            .optional(
                "ranks",
                RecordSchema(
                    .required("at_most", .list(of: .integer(from: 1)), "Ranks, from 1."),
                    .required(
                        "share", .list(of: .nonnegative),
                        "The share of interactions whose positive has at most that rank.")
                ).json, "The cumulative distribution of ranks."),
            .optional(
                "popularity", .list(of: PopularityBin.schema.json),
                "How positives were found, by their training interactions."),
            .optional(
                "examples", .list(of: QueryExample.schema.json), "Some queries, best first."))
    }
}

extension PopularityBin {
    static var schema: RecordSchema {
        RecordSchema(
            .required("from", .integer(from: 0), "The least number of training interactions."),
            .required("to", .integer(from: 0), "The largest one."),
            .required("examples", .integer(from: 0), "Evaluated interactions."),
            .required(
                "found", .map(of: .nonnegative), "The share found among the first so many."))
    }
}

extension QueryExample {
    static var schema: RecordSchema {
        RecordSchema(
            .required("query", .text, "The query's id."),
            .optional("rank", .nonnegative, "Of its positive; absent: it has no place."),
            .required("positive", NamedCandidate.schema.json, "What it was to find."),
            .required(
                "history", .list(of: NamedCandidate.schema.json), "Some training interactions."),
            .required(
                "recommended", .list(of: NamedCandidate.schema.json),
                "What the model recommends."))
    }
}

extension NamedCandidate {
    static var schema: RecordSchema {
        RecordSchema(
            .required("id", .text, "The candidate's id."),
            .optional("title", .text, "Its title."))
    }
}
