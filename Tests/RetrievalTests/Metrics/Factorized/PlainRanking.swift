import Retrieval
import RetrievalTesting

/// An evaluation so small that every order of the tied can be written down, and the plain way to
/// rank it: all candidates of a list are sorted by score, once for each order of those that tie.
struct SmallEvaluation {
    /// Who asks, the query tower's key, what is relevant, with what weight and grade.
    struct Interaction {
        var entity: Int
        var key: Int
        var candidate: Int
        var weight: Float
        var grade: Float
        var time: Int
    }

    var interactions: [Interaction] = []
    /// The embeddings of query keys and candidate keys.
    var queries = Matrix(rows: 0, columns: 0)
    var candidates = Matrix(rows: 0, columns: 0)
    /// Candidate keys, in the corpus's order.
    var corpus: [Int] = []
    /// From when each place of the corpus exists, ascending; nil: always.
    var times: [Int]?
    /// Candidate keys that each entity has seen; nil: nothing is excluded.
    var seen: [Set<Int>]?
    var isSampled = false
    var byID = false
    var tiePolicy = TiePolicy.expected
    var trainingCounts: [Int] = []
    /// Of each place of the corpus, some of three genres; of some twice, of some none.
    var genres: [[Int]] = []
    var entityCount = 0

    init(_ random: inout RandomStream) {
        let (keys, items) = (1 + random.below(4), 1 + random.below(5))
        entityCount = 1 + random.below(3)
        // Scores of few whole numbers; now and then all are zero, or one is none.
        let (spread, columns) = (random.below(3), 1 + random.below(2))
        func matrix(_ rows: Int) -> Matrix {
            Matrix(
                rows: rows, columns: columns,
                values: (0..<rows * columns).map { _ in Float(random.below(spread + 1)) })
        }
        queries = matrix(keys)
        candidates = matrix(items)
        if random.chance(0.15) { candidates.values[random.below(items * columns)] = .nan }
        let order = (0..<items).shuffled(by: &random)
        corpus = Array(order.prefix(1 + random.below(items)))
        // A key belongs to one who asks, or is what all have in common.
        let isShared = random.chance(0.3)
        for _ in 0..<(1 + random.below(8)) {
            let key = random.below(keys)
            interactions.append(
                Interaction(
                    entity: isShared ? random.below(entityCount) : key % entityCount, key: key,
                    candidate: random.below(items), weight: Float(1 + random.below(3)),
                    grade: Float(random.below(4)), time: random.below(6)))
        }
        if random.chance(0.25) { times = corpus.map { _ in random.below(6) }.sorted() }
        if random.chance(0.4) {
            seen = (0..<entityCount).map { _ in
                Set((0..<items).filter { _ in random.chance(0.4) })
            }
        }
        isSampled = random.chance(0.2)
        byID = random.chance(0.3)
        tiePolicy =
            [.expected, .expected, .tfrs, .pessimistic, .mean][random.below(5)]
        trainingCounts = corpus.map { _ in random.below(4) }
        genres = corpus.map { _ in (0..<random.below(4)).map { _ in random.below(3) } }
    }

    private var genreColumn: Column {
        var offsets = [0]
        for genres in genres { offsets.append(offsets[offsets.count - 1] + genres.count) }
        return .tokenLists(
            TokenListColumn(
                offsets: offsets, codes: genres.flatMap { $0.map(Int32.init) },
                dictionary: ["a", "b", "c"]))
    }

    // MARK: What the library makes of it

    var ranked: RankedQueries {
        var rules = RankingProtocol(comparison: byID ? .id : .score, tiePolicy: tiePolicy)
        rules.availability = times.map {
            Availability(
                candidates: $0.map(Int64.init), interactions: interactions.map { Int64($0.time) })
        }
        rules.excluded = seen.map { seen in
            let pairs = seen.enumerated().flatMap { entity, items in
                items.sorted().map { (Int32(entity), Int32($0)) }
            }
            return SeenItems(
                Examples(queryKeys: pairs.map(\.0), candidateKeys: pairs.map(\.1)),
                queryEntityCount: entityCount)
        }
        if isSampled {
            // So many that all are drawn.
            rules.sampledNegatives = SampledNegatives(
                count: corpus.count, weights: corpus.map { _ in 1 }, seed: 1)
        }
        let evaluation = CorpusEvaluation(
            model: TwoTowerModel(
                queryTower: TableTower(table: queries),
                candidateTower: TableTower(table: candidates),
                parameters: Parameters()),
            corpus: corpus.map(Int32.init),
            keyCounts: KeyCounts(
                queries: queries.rows, candidates: candidates.rows, queryEntities: entityCount),
            lanes: Lanes(threads: 1))
        return evaluation.rank(
            Examples(
                queryKeys: interactions.map { Int32($0.key) },
                candidateKeys: interactions.map { Int32($0.candidate) },
                weights: interactions.map(\.weight),
                queryEntities: interactions.map { Int32($0.entity) }),
            rules: rules, listDepth: isSampled ? 0 : corpus.count,
            knowledge: CorpusKnowledge(
                trainingCounts: trainingCounts.map(Int32.init),
                columns: Table(name: "candidates", columns: ["genres": genreColumn])),
            interactionColumns: ["grade": interactions.map(\.grade)])
    }

    // MARK: The plain way

    /// The places that an interaction's query may find.
    func visible(_ index: Int) -> [Int] {
        let interaction = interactions[index]
        let row = interactions.indices.filter { isOfOneList($0, index) }
        let positives = Set(row.map { interactions[$0].candidate })
        return corpus.indices.filter { place in
            guard times.map({ $0[place] <= interaction.time }) ?? true else { return false }
            let item = corpus[place]
            return positives.contains(item) || !(seen?[interaction.entity].contains(item) ?? false)
        }
    }

    /// Whether one asks in both, with the same key and the same candidates in existence.
    func isOfOneList(_ a: Int, _ b: Int) -> Bool {
        func existing(_ index: Int) -> Int? {
            times.map { $0.count { $0 <= interactions[index].time } }
        }
        return interactions[a].entity == interactions[b].entity
            && interactions[a].key == interactions[b].key && existing(a) == existing(b)
    }

    func score(_ index: Int, _ candidate: Int) -> Float {
        zip(queries.row(interactions[index].key), candidates.row(candidate))
            .reduce(Float(0)) { $0 + $1.0 * $1.1 }
    }

    /// A list for each interaction, with its own positive alone.
    var listsOfInteractions: [PlainList] {
        interactions.indices.map { index in
            let own = interactions[index].candidate
            let rivals =
                isSampled
                ? visible(index).filter { place in
                    !interactions.indices.contains {
                        isOfOneList($0, index) && interactions[$0].candidate == corpus[place]
                    }
                } : visible(index)
            return list(index, rivals, relevant: [own])
        }
    }

    /// The lists of each entity that asks, each with the set of what is relevant to it.
    var listsOfQueries: [[PlainList]] {
        (0..<entityCount).map { entity in
            let mine = interactions.indices.filter { interactions[$0].entity == entity }
            if isSampled {
                let firsts = mine.filter { index in
                    !mine.contains {
                        $0 < index && isOfOneList($0, index)
                            && interactions[$0].candidate == interactions[index].candidate
                    }
                }
                return firsts.map { index in
                    var list = listsOfInteractions[index]
                    list.grades = grades(index, [interactions[index].candidate])
                    return list
                }
            }
            let firsts = mine.filter { index in
                !mine.contains { $0 < index && isOfOneList($0, index) }
            }
            return firsts.map { first in
                let relevant = Set(
                    mine.filter { isOfOneList($0, first) }.map { interactions[$0].candidate })
                var list = list(first, visible(first), relevant: relevant)
                list.grades = grades(first, relevant)
                return list
            }
        }.filter { !$0.isEmpty }
    }

    /// What each entity is shown, in places of the corpus, best first and of equals the first in
    /// the corpus: a list for each that it asks for. All scores have to be numbers.
    var shownLists: [[[Int]]] {
        (0..<entityCount).map { entity in
            let mine = interactions.indices.filter { interactions[$0].entity == entity }
            let firsts = mine.filter { index in
                !mine.contains { $0 < index && isOfOneList($0, index) }
            }
            return firsts.map { index in
                visible(index).sorted {
                    (score(index, corpus[$1]), $0) < (score(index, corpus[$0]), $1)
                }
            }
        }
    }

    /// The best grade of each relevant candidate of a list.
    private func grades(_ index: Int, _ relevant: Set<Int>) -> [Int: Double] {
        var grades: [Int: Double] = [:]
        for other in interactions.indices where isOfOneList(other, index) {
            let candidate = interactions[other].candidate
            guard relevant.contains(candidate) else { continue }
            grades[candidate] = max(grades[candidate] ?? 0, Double(interactions[other].grade))
        }
        return grades
    }

    private func list(_ index: Int, _ rivals: [Int], relevant: Set<Int>) -> PlainList {
        let items = rivals.map { corpus[$0] }
        let outside = relevant.subtracting(items).sorted()
        let isInCorpus = { (item: Int) in
            corpus.firstIndex(of: item).map { place in
                times.map { $0[place] <= interactions[index].time } ?? true
            } ?? false
        }
        return PlainList(
            candidates: (items + outside).map { item in
                PlainList.Candidate(
                    item: item, score: score(index, item), isRelevant: relevant.contains(item),
                    // By its id, nothing is found that is not there.
                    isFound: isInCorpus(item) || !byID)
            },
            order: corpus,
            grades: [interactions[index].candidate: Double(interactions[index].grade)],
            tiePolicy: tiePolicy, byID: byID)
    }
}

/// A list of candidates before it is ordered.
struct PlainList {
    struct Candidate {
        var item: Int
        var score: Float
        var isRelevant: Bool
        var isFound: Bool
    }

    /// One way in which the relevant candidates may stand: their places from 0, ascending.
    struct Order {
        var places: [(item: Int, place: Double)]
        var relevantCount: Int
        var candidateCount: Int
        var grades: [Int: Double]
        /// Share of pairs of a relevant candidate and another in the right order.
        var area: Double
    }

    var candidates: [Candidate]
    var order: [Int]
    var grades: [Int: Double]
    var tiePolicy: TiePolicy
    var byID: Bool

    /// All ways in which the tie policy lets the relevant candidates stand.
    var orders: [Order] {
        let found = candidates.filter { $0.isFound && $0.score.isFinite }
        var assignments: [[(item: Int, place: Double)]] = [[]]
        var start = 0
        for score in Set(found.map(\.score)).sorted(by: >) {
            let group = found.filter { $0.score == score }
            let ways = ways(group, start: Double(start))
            assignments = assignments.flatMap { before in ways.map { before + $0 } }
            start += group.count
        }
        let area = area
        return assignments.map {
            Order(
                places: $0.sorted { $0.place < $1.place },
                relevantCount: candidates.count { $0.isRelevant },
                candidateCount: candidates.count, grades: grades, area: area)
        }
    }

    private func ways(_ group: [Candidate], start: Double) -> [[(item: Int, place: Double)]] {
        let relevant = group.filter(\.isRelevant).map(\.item)
        let others = Double(group.count - relevant.count)
        func stand(_ items: [Int], from first: Double) -> [(item: Int, place: Double)] {
            items.enumerated().map { ($1, first + Double($0)) }
        }
        switch tiePolicy {
        case .expected:
            return permutations(group.map(\.item)).map { order in
                stand(order, from: start).filter { relevant.contains($0.item) }
            }
        case .tfrs where byID:
            let sorted = group.sorted {
                order.firstIndex(of: $0.item)! < order.firstIndex(of: $1.item)!
            }
            return [stand(sorted.map(\.item), from: start).filter { relevant.contains($0.item) }]
        case .tfrs: return permutations(relevant).map { stand($0, from: start) }
        case .pessimistic: return permutations(relevant).map { stand($0, from: start + others) }
        case .mean: return permutations(relevant).map { stand($0, from: start + others / 2) }
        }
    }

    private var area: Double {
        let relevant = candidates.filter(\.isRelevant)
        let others = candidates.filter { !$0.isRelevant }
        var sum = 0.0
        for one in relevant where one.isFound && one.score.isFinite {
            for other in others {
                sum += one.score == other.score ? 0.5 : one.score < other.score ? 0 : 1
            }
        }
        return others.isEmpty ? .nan : sum / Double(relevant.count * others.count)
    }
}

func permutations(_ items: [Int]) -> [[Int]] {
    guard let first = items.first else { return [[]] }
    return permutations(Array(items.dropFirst())).flatMap { rest in
        (0...rest.count).map { place in
            var order = rest
            order.insert(first, at: place)
            return order
        }
    }
}

/// A tower that reads embeddings off a table.
struct TableTower: Tower {
    var table: Matrix

    var outputDimension: Int { table.columns }

    func encode(
        _ keys: [Int32], _ parameters: Parameters, _ context: EncodingContext
    ) -> Encoding {
        Encoding(
            embeddings: Matrix(
                rows: keys.count, columns: table.columns,
                values: keys.flatMap { Array(table.row(Int($0))) })
        ) { _, _ in }
    }
}

extension Range where Bound == Int {
    /// The numbers in a random order.
    func shuffled(by random: inout RandomStream) -> [Int] {
        var numbers = map(Int32.init)
        random.shuffle(&numbers)
        return numbers.map(Int.init)
    }
}
