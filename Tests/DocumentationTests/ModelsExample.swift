import Experiments
import ResultsFormat

/// What `docs/models.md` shows of the library; `path` is a model's folder.
func modelsExample(at path: String, print: (Any...) -> Void) throws {
    // begin
    let model = try SavedModel(at: path)
    print("\(model.record.candidate.count) candidates")
    let lists = try model.recommend(toIDs: ["1", "2"], RecommendationOptions(count: 3))
    for item in lists[0].items { print(item.id, item.score > 0) }
    let inline: JSONObject = ["user_id": "stranger"]
    print(try model.recommend(to: [inline])[0].notes)
    print(try model.similar(to: lists[0].items[0].id).items.count)
    // end
}
