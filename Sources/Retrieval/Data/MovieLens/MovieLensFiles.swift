import Platform

/// The files of a MovieLens data set on the disk: whether a folder holds them, and how they get
/// into one.
struct MovieLensFiles {
    var variant: MovieLensVariant

    enum Look: Hashable {
        /// The folder in which the files stand.
        case found(String)
        case notFound(reason: String)
    }

    /// Looks for the data set's folder in `place`, and for the files in `place` itself.
    func look(in place: String) -> Look {
        var missing: [String] = []
        for folder in [DataEnvironment.join(place, variant.folder), place] {
            let absent = variant.files.map(\.name).filter {
                FileSystem.kind(of: DataEnvironment.join(folder, $0)) != .file
            }
            if absent.isEmpty { return .found(folder) }
            if absent.count < variant.files.count {
                missing.append("\(folder) lacks \(absent.joined(separator: " and "))")
            }
        }
        if !missing.isEmpty { return .notFound(reason: missing.joined(separator: "; ")) }
        switch FileSystem.kind(of: place) {
        case nil: return .notFound(reason: "no such folder")
        case .folder:
            let first = variant.interactions.name
            return .notFound(reason: "holds neither \(variant.folder)/\(first) nor \(first)")
        case .file, .other: return .notFound(reason: "not a folder")
        }
    }

    /// Downloads the archive and unpacks the wanted files, each of which must be genuine, into the
    /// data set's folder in `cache`. The folder appears complete or not at all.
    ///
    /// - Returns: the folder in which the files stand.
    func download(
        into cache: String, environment: DataEnvironment, progress: (DataProgress) -> Void
    ) throws(DownloadFailure) -> String {
        do {
            try FileSystem.makeFolder(cache)
            let room = try Workshop(in: cache, prefix: ".\(variant.folder)-")
            defer { room.remove() }
            let workshop = room.path
            let archive = DataEnvironment.join(workshop, "archive.zip")
            let downloader = Downloader(url: variant.archiveURL)
            try downloader.download(to: archive, environment: environment, progress: progress)
            let target = DataEnvironment.join(cache, variant.folder)
            progress(.extracting(into: target))
            let bytes = try FileSystem.contents(of: archive, limit: downloader.limit)
            let unpacked = DataEnvironment.join(workshop, variant.folder)
            try FileSystem.makeFolder(unpacked)
            for (file, content) in try genuineFiles(in: bytes) {
                try FileSystem.create(DataEnvironment.join(unpacked, file), holding: content)
            }
            try publish(unpacked, as: target)
            return target
        } catch let failure as DownloadFailure {
            throw failure
        } catch let failure as FileFailure {
            throw DownloadFailure(reason: "\(failure.path): \(failure.reason)")
        } catch {
            throw DownloadFailure(reason: "\(error)")
        }
    }

    /// Takes the wanted files out of the archive. The names under which they are kept are our own;
    /// none of the archive's becomes a path.
    private func genuineFiles(
        in archive: [UInt8]
    ) throws(DownloadFailure) -> [(name: String, content: [UInt8])] {
        var files: [(name: String, content: [UInt8])] = []
        do {
            let archive = try ZipArchive(archive)
            for file in variant.files {
                let content = try archive.contents(
                    of: "\(variant.folder)/\(file.name)", limit: 1 << 28)
                files.append((file.name, content))
            }
        } catch {
            throw DownloadFailure(reason: "\(error)")
        }
        for (file, (name, content)) in zip(variant.files, files) {
            let sha256 = ContentDigest.ofBytes(content)
            let genuine = file.sha256 ?? "known"
            guard sha256 == genuine else {
                throw DownloadFailure(
                    reason: "refused: the SHA-256 of \(name) is \(sha256), not \(genuine)")
            }
        }
        return files
    }

    /// Moves the folder to its place in one step. Where a folder stands there already, perhaps
    /// with some of the files or put there by another process meanwhile, it moves file by file,
    /// the interactions last; each is genuine, so any mixture is.
    private func publish(_ unpacked: String, as target: String) throws(FileFailure) {
        if FileSystem.kind(of: target) == nil {
            do {
                return try FileSystem.move(unpacked, to: target)
            } catch {
                guard FileSystem.kind(of: target) == .folder else { throw error }
            }
        }
        for file in variant.files.reversed() {
            try FileSystem.move(
                DataEnvironment.join(unpacked, file.name),
                to: DataEnvironment.join(target, file.name))
        }
    }
}
