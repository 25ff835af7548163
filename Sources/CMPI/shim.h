#ifndef TFRS_CMPI_H
#define TFRS_CMPI_H

#if __has_include(<mpi/mpi.h>)
#include <mpi/mpi.h>
#else
#include <mpi.h>
#endif
#include <stddef.h>
#include <unistd.h>

// What is asked of MPI. Its communicators and types are macros, which Swift does not see. Errors are
// fatal, as MPI has it by default: a rank that is gone takes the job with it.

/// Joins the other processes of the job.
static inline void tfrs_mpi_join(int *rank, int *size) {
    int provided = 0;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
    MPI_Comm_rank(MPI_COMM_WORLD, rank);
    MPI_Comm_size(MPI_COMM_WORLD, size);
}

/// Sends bytes to another rank and receives others from it; of either there may be more than an int
/// can count.
static inline void tfrs_mpi_exchange(
    int partner, const char *sent, size_t sent_count, char *received, size_t received_count
) {
    const size_t most = (size_t)1 << 30;
    size_t at = 0;
    while (at < sent_count || at < received_count) {
        size_t out = at < sent_count ? sent_count - at : 0;
        size_t in = at < received_count ? received_count - at : 0;
        if (out > most) out = most;
        if (in > most) in = most;
        MPI_Sendrecv(
            out ? sent + at : NULL, (int)out, MPI_BYTE, out ? partner : MPI_PROC_NULL, 0,
            in ? received + at : NULL, (int)in, MPI_BYTE, in ? partner : MPI_PROC_NULL, 0,
            MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        at += most;
    }
}

/// Waits for all ranks, tells them this one's exit code and leaves the job.
///
/// A negative patience is endless. Returns 0 where the others did not come within it.
static inline int tfrs_mpi_leave(int code, int patience_milliseconds, int *codes) {
    MPI_Request request;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    int waited = 0, done = 0;
    for (;;) {
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (done) break;
        if (patience_milliseconds >= 0 && waited >= patience_milliseconds) return 0;
        usleep(1000);
        waited++;
    }
    MPI_Allgather(&code, 1, MPI_INT, codes, 1, MPI_INT, MPI_COMM_WORLD);
    MPI_Finalize();
    return 1;
}

static inline void tfrs_mpi_abort(int code) {
    MPI_Abort(MPI_COMM_WORLD, code);
}

#endif
