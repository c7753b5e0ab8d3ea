"""A program that saves until it is killed, and tells each save once it is safe: `saver.py VAULT KEY_HEX FIRST`."""

import sys
from itertools import count
from pathlib import Path

from tests.faults.saving import open_again, save

if __name__ == "__main__":
    vault = open_again(Path(sys.argv[1]), vault_key=bytes.fromhex(sys.argv[2]))
    for number in count(int(sys.argv[3])):
        save(vault, number)
        print(number, flush=True)
