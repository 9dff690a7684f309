"""Messages as files: a worker that looks while one is written sees nothing of it, and never half of it.

One queue name per test: kombu remembers queues for the whole process.
"""

from pathlib import Path

import pytest
from kombu import Connection

from config import file_broker


@pytest.fixture
def connection(tmp_path):
    file_broker.register()
    folders = {name: str(tmp_path / name) for name in ("queue", "control")}
    for folder in folders.values():
        Path(folder).mkdir()
    options = {
        "data_folder_in": folders["queue"],
        "data_folder_out": folders["queue"],
        "control_folder": folders["control"],
    }
    with Connection("whole-files://", transport_options=options) as opened:
        yield opened


def test_messages_come_in_their_order(connection):
    queue = connection.SimpleQueue("order")
    for number in range(3):
        queue.put({"number": number})
    assert [queue.get(timeout=5).payload["number"] for _ in range(3)] == [0, 1, 2]


def test_a_message_never_arrives_half_written(connection, monkeypatch):
    """A worker looks in the moment between creating the file and filling it: it finds no message."""
    write, looked = Path.write_bytes, []
    queue, worker = connection.SimpleQueue("half"), connection.SimpleQueue("half")

    def look_in_between(path, content):
        path.touch()
        with pytest.raises(worker.Empty):
            worker.get_nowait()
        looked.append(path)
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", look_in_between)
    queue.put({"pk": 7})
    assert looked
    assert worker.get(timeout=5).payload == {"pk": 7}
