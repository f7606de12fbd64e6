// fork and exec with everything prepared before the fork: other threads may hold any lock.
#include "platform/pgserver/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace entrepot::pgserver {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw std::system_error(errno, std::generic_category(), what);
}

struct Prepared {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const char* output;
    const OsUser* user;
    int death_signal;
    pid_t parent;
    int report;
};

void plain_signals() noexcept {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int signal_number : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD}) {
        signal(signal_number, SIG_DFL);
    }
}

bool redirect(const Prepared& prepared) noexcept {
    const int in = open("/dev/null", O_RDONLY);
    const int out =
        open(prepared.output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600);
    return in >= 0 && out >= 0 && dup2(in, 0) >= 0 && dup2(out, 1) >= 0 && dup2(out, 2) >= 0;
}

[[noreturn]] void child(const Prepared& prepared) noexcept {
    plain_signals();
    setsid();
    umask(077);
    // After the change of user: the kernel forgets the death signal when credentials change.
    bool good = become(*prepared.user) && redirect(prepared);
    if (good && prepared.death_signal != 0) {
        good = prctl(PR_SET_PDEATHSIG, prepared.death_signal) == 0;
        if (getppid() != prepared.parent) _exit(127);
    }
    if (good && chdir("/") == 0) {
        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
    }
    const int reason = errno;
    if (write(prepared.report, &reason, sizeof reason) < 0) _exit(126);
    _exit(127);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    out.reserve(texts.size() + 1);
    for (std::string& text : texts) out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

pid_t spawn(const Command& command) {
    std::vector<std::string> arguments = command.arguments;
    std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC",
                                            "HOME=/"};
    std::array<int, 2> report{};
    if (pipe2(report.data(), O_CLOEXEC) != 0) fail("pipe");
    const Prepared prepared{pointers(arguments),
                            pointers(environment),
                            command.output.c_str(),
                            &command.user,
                            command.death_signal,
                            getpid(),
                            report[1]};
    const pid_t started = fork();
    if (started == 0) child(prepared);
    const int fork_error = errno;
    close(report[1]);
    int reason = 0;
    ssize_t got = 0;
    if (started > 0) {
        do got = read(report[0], &reason, sizeof reason);
        while (got < 0 && errno == EINTR);
    }
    close(report[0]);
    if (started < 0) {
        errno = fork_error;
        fail("fork");
    }
    if (got > 0) {
        wait_for(started);
        errno = reason;
        fail("cannot start " + command.arguments.front() + " as " + command.user.name);
    }
    return started;
}

int wait_for(pid_t child_process) {
    int status = 0;
    while (waitpid(child_process, &status, 0) < 0) {
        if (errno != EINTR) fail("waitpid");
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string tail(const std::filesystem::path& file, std::size_t bytes) {
    const int descriptor = open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return {};
    const off_t size = lseek(descriptor, 0, SEEK_END);
    const off_t wanted = static_cast<off_t>(bytes);
    std::string text(static_cast<std::size_t>(size < 0 ? 0 : std::min(size, wanted)), '\0');
    const ssize_t got =
        pread(descriptor, text.data(), text.size(), size - static_cast<off_t>(text.size()));
    close(descriptor);
    text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
    return text;
}

}  // namespace entrepot::pgserver
