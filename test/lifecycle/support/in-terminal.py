# Runs a command in a terminal of its own: in-terminal.py ctrl-c|close COMMAND ARGS…
# When the command has written READY it types Ctrl-C, or closes the terminal. Prints what was written to the terminal, and at the end "EXIT n"
# with the exit code, or the negative number of the signal that ended the command.
import os, pty, sys

how, command = sys.argv[1], sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
written, sent = b'', False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:  # EIO: nobody has the terminal open any more
        break
    if not chunk:
        break
    written += chunk
    if b'READY' in written and not sent:
        sent = True
        if how == 'close':
            os.close(terminal)
            break
        os.write(terminal, b'\x03')
_, status = os.waitpid(pid, 0)
sys.stdout.write(written.decode() + 'EXIT %d\n' % os.waitstatus_to_exitcode(status))
