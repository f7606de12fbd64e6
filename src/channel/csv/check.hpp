// First pass of a run: every row is read and checked, lines are spooled, orders are tried. Pure
// work in slices, so that progress can be told and no thread is held for long.
#pragma once

#include <memory>

#include "channel/csv/order_builder.hpp"
#include "channel/csv/spool.hpp"
#include "channel/csv/store.hpp"

namespace entrepot::csv {

class CheckPass {
public:
    /// What make() needs beside the import's row.
    struct Place {
        std::string file;
        std::string spool_dir;
        std::string default_marketplace;
    };
    /// imports.bad_settings, imports.no_space; throws when the file cannot be opened.
    static Result<std::unique_ptr<CheckPass>> make(const ImportRow& row, const Settings& settings,
                                                   const Place& place);
    virtual ~CheckPass() = default;

    /// Reads a slice of rows; false when all are read and gathered. Errors of the file as a whole.
    virtual Result<bool> read_slice() = 0;
    /// Tries a slice of orders; false when all are tried.
    virtual bool try_slice() = 0;
    /// Faults found since the last call.
    virtual std::vector<Fault> take_faults() = 0;
    virtual std::int64_t rows_read() const = 0;

    /// Next batch of orders for writing, after the tries: false at the end.
    struct Batch {
        std::vector<orders::IncomingOrder> orders;
        BatchCounts counts;
    };
    virtual void restart() = 0;
    virtual bool next_batch(Batch& batch) = 0;
    /// Passes over orders that an earlier run has dealt with.
    virtual void skip(std::int64_t groups) = 0;
};

}  // namespace entrepot::csv
