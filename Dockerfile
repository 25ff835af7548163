# tfrs-run in a container, from the package that scripts/release leaves in dist/:
#
#   scripts/release
#   docker build --tag tfrs-run .
#   docker run --rm --volume "$PWD:/work" tfrs-run experiment.yaml
#
# The binary needs nothing but glibc; curl fetches MovieLens for specs that want it.
FROM debian:12-slim

# Whatever version the distribution has: it is asked for nothing but a download.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/*

ADD dist/tfrs-run-*-linux.tar.gz /opt/
RUN ln -s /opt/tfrs-run-*/tfrs-run /usr/local/bin/tfrs-run \
    && useradd --create-home --uid 1000 tfrs

USER 1000
WORKDIR /work
ENTRYPOINT ["tfrs-run"]
CMD ["--help"]
