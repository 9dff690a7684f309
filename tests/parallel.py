"""Many at the same moment, and a process that is killed on the way: real threads, real processes, real transactions.

A test of this kind needs `transactional_db`: its rows must really be there for other connections.
"""

import os
import signal
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier

from django.db import connection

from accounts import current


def at_once(work, each, *, business=None):
    """What `work` answers to each of `each`, all in threads that start together; a number is that many from 0 on.

    They work for `business` where one is named. An exception in one of them is raised here.
    """
    subjects = list(range(each)) if isinstance(each, int) else list(each)
    ready = Barrier(len(subjects), timeout=30)

    def alone(subject):
        try:
            ready.wait()
            with current.working_for(business) if business else nullcontext():
                return work(subject)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(subjects)) as pool:
        return list(pool.map(alone, subjects))


def in_a_process_that_dies(work, *, business=None) -> bool:
    """Do `work` in a process of its own, which kills itself with SIGKILL on the way (`die`); False when it lived."""
    child = os.fork()
    if not child:
        kept = connection.connection  # the parent's: neither used nor closed here
        connection.connection = None
        try:
            with current.working_for(business) if business else nullcontext():
                work()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(len([kept]))
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def die(*_args, **_kwargs):
    """As the machine's power would: nothing is caught, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


def dying_after(work, *, times=1):
    """`work`, until it was called that often; then the process is gone."""
    called = []

    def and_die(*args, **kwargs):
        answer = work(*args, **kwargs)
        called.append(answer)
        if len(called) == times:
            die()
        return answer

    return and_die
