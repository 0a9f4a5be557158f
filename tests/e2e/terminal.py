"""A command on a pseudo-terminal: python3 terminal.py COLUMNS ROWS COMMAND…

What it writes goes to standard output, what comes on standard input is typed. The end of standard
input closes the terminal, as closing its window does. Ends with the command's exit code, or with 128
and the signal that ended it.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
child, terminal = pty.fork()
if child == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.execvp(command[0], command)

while True:
    readable, _, _ = select.select([terminal, 0], [], [])
    if terminal in readable:
        try:
            written = os.read(terminal, 65536)
        except OSError:  # Linux says so when the last process has closed the terminal.
            written = b""
        if not written:
            break
        os.write(1, written)
    if 0 in readable:
        typed = os.read(0, 65536)
        if not typed:
            break
        os.write(terminal, typed)
os.close(terminal)
_, status = os.waitpid(child, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
