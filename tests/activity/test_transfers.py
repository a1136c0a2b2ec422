"""Imports and exports by workers that may be killed, hang, and be two."""

import datetime
import errno
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import DiskFull
from pytest_django import Settings

from activity import handlers, transfers
from activity.audit import Actor
from activity.handlers import Handler, Step
from activity.models import AuditEntry, Transfer
from activity.transfer_states import ENDED, MOVES, State
from activity.transfers import Cancelled, Claim, Lost, NotNow, Refused
from tests.factories import TransferFactory

pytestmark = pytest.mark.django_db

KIND = "practice"
ACTOR = Actor(name="Somebody")
NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)
CLOSED_PORT = "redis://127.0.0.1:1/0"


@pytest.fixture
def steps() -> Iterator[dict[str, Step]]:
    """The steps of a kind of transfer, to be filled by the test."""
    steps: dict[str, Step] = {}
    handlers.register(Handler(kind=KIND, label="Practice", steps=steps, url_name="contacts:import_detail"))
    yield steps
    handlers._handlers.pop(KIND)


def queued(**values: Any) -> Transfer:
    return TransferFactory.create(**{"kind": KIND, "state": State.QUEUED, "step": "run", **values})


def claimed(transfer: Transfer) -> Claim:
    claim = transfers.claim(transfer.pk)
    assert claim is not None
    return claim


def pass_lease(transfer: Transfer) -> None:
    """The transfer's worker has said nothing for too long."""
    Transfer.objects.filter(pk=transfer.pk).update(lease_until=timezone.now() - SECOND)


@transaction.atomic
def merge_chunk(claim: Claim, *, done: int) -> None:
    """Some work, and its checkpoint."""
    TransferFactory.create(kind=KIND, source_name="chunk")
    claim.checkpoint(done=done, row=done)


def rerun(transfer: Transfer) -> Transfer:
    """A worker comes by once more, after any wait between two attempts."""
    Transfer.objects.filter(pk=transfer.pk).update(due_at=timezone.now() - SECOND)
    transfers.run(transfer.pk)
    transfer.refresh_from_db()
    return transfer


def disk_full_in_database() -> Exception:
    error = OperationalError("could not extend file")
    error.__cause__ = DiskFull()
    return error


class TestStates:
    def test_what_has_ended_stays_so_except_a_failure_tried_again(self) -> None:
        assert {state: MOVES[state] for state in ENDED} == {
            State.DONE: frozenset(),
            State.CANCELLED: frozenset(),
            State.FAILED: {State.QUEUED},
        }

    @pytest.mark.parametrize("state", State)
    def test_a_person_starts_what_waits_or_has_failed(self, state: State, steps: dict[str, Step]) -> None:
        transfer = queued(state=state)
        if State.QUEUED in MOVES[state] and state != State.RUNNING:
            transfers.queue(transfer, step="run", actor=ACTOR)
            assert transfer.state == State.QUEUED
        else:
            with pytest.raises(NotNow):
                transfers.queue(transfer, step="run", actor=ACTOR)
            transfer.refresh_from_db()
            assert transfer.state == state
            assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("state", State)
    def test_a_worker_claims_only_what_is_due(self, state: State) -> None:
        transfer = queued(state=state, lease_until=timezone.now() + 30 * SECOND)
        assert (transfers.claim(transfer.pk) is not None) == (state == State.QUEUED)

    def test_a_worker_does_not_claim_what_is_due_later_or_gone(self) -> None:
        assert transfers.claim(queued(due_at=timezone.now() + SECOND).pk) is None
        assert transfers.claim(10**9) is None

    @pytest.mark.parametrize("state", State)
    def test_a_step_ends_only_where_its_state_may_move(self, state: State) -> None:
        transfer = queued()
        claim = claimed(transfer)
        if state in MOVES[State.RUNNING]:
            claim.end(state)
        else:
            with pytest.raises(ValueError, match="running"):
                claim.end(state)
        transfer.refresh_from_db()
        assert transfer.state == state
        assert (transfer.ended_at is not None) == (state in ENDED)

    def test_no_other_state_can_be_kept(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            queued(state="sleeping")

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.lists(
            st.sampled_from(["queue", "retry", "cancel", "claim", "pass_lease", "checkpoint", "wait", "done", "fail"])
        )
    )
    def test_whatever_happens_only_legal_moves_are_made(self, events: list[str]) -> None:
        transfer: Transfer = TransferFactory.create(kind=KIND)
        claims: list[Claim] = []
        for event in events:
            before = State(transfer.state)
            with suppress(NotNow, Lost, Cancelled):
                happen(event, transfer, claims)
            transfer.refresh_from_db()
            after = State(transfer.state)
            # A worker takes over what runs, and gets it as running.
            assert after == before or after in MOVES[before]
            assert (transfer.ended_at is not None) == (after in ENDED)


def happen(event: str, transfer: Transfer, claims: list[Claim]) -> None:
    if event == "queue":
        transfers.queue(transfer, step="run", actor=ACTOR)
    elif event == "retry":
        transfers.retry(transfer, actor=ACTOR)
    elif event == "cancel":
        transfers.cancel(transfer, actor=ACTOR)
    elif event == "pass_lease":
        pass_lease(transfer)
    elif event == "claim":
        claims += filter(None, [transfers.claim(transfer.pk)])
    elif claims and event == "checkpoint":
        claims[-1].checkpoint(done=1)
    elif claims:
        claims[0].end({"wait": State.WAITING, "done": State.DONE, "fail": State.FAILED}[event])


class TestClaim:
    def test_one_transfer_has_one_worker(self) -> None:
        transfer = queued()
        claim = claimed(transfer)
        assert claim.transfer.state == State.RUNNING
        assert claim.transfer.started_at
        assert transfers.claim(transfer.pk) is None

    @pytest.mark.django_db(transaction=True)
    def test_of_two_workers_at_the_same_moment_one_gets_it(self) -> None:
        transfer = queued()
        start, found = threading.Barrier(4), []

        def work() -> None:
            start.wait()
            found.append(transfers.claim(transfer.pk))
            connection.close()

        workers = [threading.Thread(target=work) for _worker in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len([claim for claim in found if claim]) == 1

    @pytest.mark.django_db(transaction=True)
    def test_a_worker_does_not_wait_for_another_ones_transaction(self) -> None:
        transfer = queued()
        found: list[Claim | None] = []

        def work() -> None:
            found.append(transfers.claim(transfer.pk))
            connection.close()

        with transaction.atomic():
            Transfer.objects.select_for_update().get(pk=transfer.pk)
            worker = threading.Thread(target=work)
            worker.start()
            worker.join()
        assert found == [None]

    def test_a_checkpoint_prolongs_the_lease(self) -> None:
        with time_machine.travel(NOON, tick=False) as clock:
            transfer = queued()
            claim = claimed(transfer)
            for _chunk in range(5):
                clock.shift(20)
                assert transfers.claim(transfer.pk) is None
                claim.checkpoint()
            clock.shift(31)
            assert transfers.claim(transfer.pk) is not None

    def test_when_the_lease_has_run_out_another_takes_over_and_the_first_is_told_at_its_next_checkpoint(self) -> None:
        transfer = queued()
        first = claimed(transfer)
        first.checkpoint(done=10, row=10)
        pass_lease(transfer)
        second = claimed(transfer)

        with pytest.raises(Lost):
            merge_chunk(first, done=20)
        with pytest.raises(Lost):
            first.end(State.DONE)

        assert not Transfer.objects.filter(source_name="chunk").exists()
        assert second.transfer.checkpoint == {"row": 10}
        second.checkpoint(done=20, row=20)
        second.end(State.DONE)
        transfer.refresh_from_db()
        assert (transfer.state, transfer.done, transfer.checkpoint) == (State.DONE, 20, {"row": 20})

    def test_a_checkpoint_is_kept_with_its_chunk_or_not_at_all(self) -> None:
        transfer = queued()
        claim = claimed(transfer)
        with suppress(ZeroDivisionError), transaction.atomic():
            merge_chunk(claim, done=10)
            _ = 1 / 0
        transfer.refresh_from_db()
        assert (transfer.done, transfer.checkpoint) == (0, {})

    def test_held_it_is_this_workers_to_the_end_of_the_transaction(self) -> None:
        transfer = queued()
        first = claimed(transfer)
        with transaction.atomic():
            first.hold()
        pass_lease(transfer)
        claimed(transfer)
        with pytest.raises(Lost), transaction.atomic():
            first.hold()


class TestRun:
    def test_a_step_runs_to_its_end(self, steps: dict[str, Step]) -> None:
        steps["run"] = lambda claim: claim.end(State.DONE, result={"new": 1})
        transfer = rerun(queued())
        assert (transfer.state, transfer.result) == (State.DONE, {"new": 1})

    def test_a_message_that_comes_twice_or_late_does_nothing(self, steps: dict[str, Step]) -> None:
        runs = []

        def step(claim: Claim) -> None:
            runs.append(claim)
            transfers.run(claim.transfer.pk)
            claim.end(State.DONE)

        steps["run"] = step
        rerun(rerun(queued()))
        transfers.run(10**9)
        assert len(runs) == 1

    def test_a_step_whose_transfer_was_taken_over_leaves_it_alone(self, steps: dict[str, Step]) -> None:
        def hang(claim: Claim, then: Exception) -> None:
            pass_lease(claim.transfer)
            claimed(claim.transfer)
            raise then

        for then in (Refused("too late"), Cancelled(), Lost()):
            steps["run"] = lambda claim, then=then: hang(claim, then)  # type: ignore[misc]
            transfer = rerun(queued())
            assert (transfer.state, transfer.fence, transfer.error) == (State.RUNNING, 2, "")

    def test_a_refusal_ends_it_with_its_words(self, steps: dict[str, Step]) -> None:
        def refuse(_claim: Claim) -> None:
            raise Refused("The file is empty.")

        steps["run"] = refuse
        transfer = rerun(queued())
        assert (transfer.state, transfer.error) == (State.FAILED, "The file is empty.")

    @pytest.mark.parametrize("checkpoints", [[], [None], [10, 20]])
    def test_after_three_errors_in_a_row_it_is_given_up_with_a_sentence(
        self, checkpoints: list[int | None], steps: dict[str, Step]
    ) -> None:
        """Also where each attempt begins anew and gets as far as the one before."""
        attempts = []

        def break_down(claim: Claim) -> None:
            attempts.append(claim)
            for done in checkpoints:
                claim.checkpoint(done=done)
            raise RuntimeError("olga@example.com: duplicate key")

        steps["run"] = break_down
        transfer = queued()
        while transfer.state == State.QUEUED:
            assert len(attempts) < 10
            with pytest.raises(RuntimeError):
                rerun(transfer)
            transfer.refresh_from_db()

        assert len(attempts) == transfers.MOST_ERRORS == 3
        assert transfer.state == State.FAILED
        assert transfer.error.startswith("Something went wrong on our side.")
        assert "olga" not in transfer.error

    def test_errors_with_progress_between_them_do_not_end_it(self, steps: dict[str, Step]) -> None:
        def stumble(claim: Claim) -> None:
            done = claim.transfer.done
            if done == 10:
                claim.end(State.DONE)
                return
            claim.checkpoint(done=done + 1)
            raise OSError

        steps["run"] = stumble
        transfer = queued()
        for _attempt in range(10):
            with pytest.raises(OSError):  # noqa: PT011 - no words: any error
                rerun(transfer)
        assert rerun(transfer).state == State.DONE

    def test_between_two_attempts_it_rests(self, steps: dict[str, Step]) -> None:
        steps["run"] = lambda claim: claim.transfer.checkpoint["nothing"]
        with time_machine.travel(NOON, tick=False) as clock:
            transfer = queued()
            with pytest.raises(KeyError):
                transfers.run(transfer.pk)
            assert transfers.claim(transfer.pk) is None
            clock.shift(3)
            assert transfers.claim(transfer.pk) is not None

    @pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), disk_full_in_database()])
    def test_a_full_disk_ends_it_at_once_with_what_to_do(self, error: Exception, steps: dict[str, Step]) -> None:
        def write(_claim: Claim) -> None:
            raise error

        steps["run"] = write
        transfer = rerun(queued())
        assert transfer.state == State.FAILED
        assert transfer.error.startswith("The server’s disk is full. Once there is room, try again")

    def test_a_worker_that_is_stopped_gives_it_back(self, steps: dict[str, Step]) -> None:
        def stop(claim: Claim) -> None:
            claim.checkpoint(done=5, row=5)
            raise SystemExit

        steps["run"] = stop
        transfer = queued()
        for _stop in range(6):
            with pytest.raises(SystemExit):
                rerun(transfer)
            transfer.refresh_from_db()
            assert (transfer.state, transfer.checkpoint) == (State.QUEUED, {"row": 5})
            transfer.done = 0
            transfer.save()

    def test_what_kills_worker_after_worker_is_given_up(self, steps: dict[str, Step]) -> None:
        transfer = queued()
        for _kill in range(transfers.MOST_ATTEMPTS):
            claimed(transfer)
            pass_lease(transfer)
        assert rerun(transfer).state == State.FAILED
        assert transfer.error == "It was interrupted too often. You can try again."

    def test_a_kind_that_no_app_knows_any_more_fails(self) -> None:
        transfer = queued(kind="forgotten")
        for _attempt in range(3):
            with pytest.raises(KeyError):
                rerun(transfer)
        transfer.refresh_from_db()
        assert transfer.state == State.FAILED


class TestCancel:
    @pytest.mark.parametrize("state", [State.WAITING, State.QUEUED])
    def test_nobody_works_on_it_so_it_ends_at_once(self, state: State) -> None:
        transfer = queued(state=state)
        transfers.cancel(transfer, actor=ACTOR)
        transfer.refresh_from_db()
        assert transfer.state == State.CANCELLED
        assert transfer.ended_at
        assert transfers.claim(transfer.pk) is None

    def test_its_worker_stops_at_the_next_checkpoint_and_what_was_done_stays(self, steps: dict[str, Step]) -> None:
        def step(claim: Claim) -> None:
            claim.checkpoint(done=10, row=10)
            transfers.cancel(claim.transfer, actor=ACTOR)
            with transaction.atomic():
                claim.checkpoint(done=20, row=20)

        steps["run"] = step
        transfer = rerun(queued())
        assert (transfer.state, transfer.done, transfer.checkpoint) == (State.CANCELLED, 10, {"row": 10})
        assert transfer.ended_at

    def test_it_stops_a_step_that_had_nothing_more_to_checkpoint(self, steps: dict[str, Step]) -> None:
        def step(claim: Claim) -> None:
            transfers.cancel(claim.transfer, actor=ACTOR)
            claim.end(State.WAITING, step="confirm")

        steps["run"] = step
        transfer = rerun(queued())
        assert (transfer.state, transfer.step) == (State.CANCELLED, "run")

    def test_it_holds_for_the_next_worker_too(self, steps: dict[str, Step]) -> None:
        steps["run"] = lambda claim: claim.checkpoint(done=1)
        transfer = queued()
        claimed(transfer)
        transfers.cancel(transfer, actor=ACTOR)
        pass_lease(transfer)
        assert rerun(transfer).state == State.CANCELLED

    @pytest.mark.parametrize("state", sorted(ENDED))
    def test_what_has_ended_cannot_be_cancelled(self, state: State) -> None:
        transfer = queued(state=state)
        with pytest.raises(NotNow):
            transfers.cancel(transfer, actor=ACTOR)
        assert not AuditEntry.objects.exists()


class TestQueue:
    def test_a_double_click_queues_once(self) -> None:
        transfer = queued(state=State.WAITING)
        same = Transfer.objects.get(pk=transfer.pk)
        transfers.queue(transfer, step="run", actor=ACTOR)
        with pytest.raises(NotNow):
            transfers.queue(same, step="run", actor=ACTOR)
        assert list(AuditEntry.objects.values_list("verb", "object_id")) == [("practice.run", transfer.pk)]

    def test_the_next_step_begins_anew(self) -> None:
        transfer = queued(state=State.WAITING, done=7, checkpoint={"row": 7}, attempts=4, started_at=NOON)
        transfers.queue(transfer, step="check", actor=ACTOR, parameters={"a": 1})
        assert (transfer.step, transfer.done, transfer.checkpoint, transfer.attempts) == ("check", 0, {}, 0)
        assert (transfer.started_at, transfer.parameters) == (None, {"a": 1})

    def test_a_failed_step_goes_on_from_its_checkpoint(self, steps: dict[str, Step]) -> None:
        steps["run"] = lambda claim: claim.end(State.DONE, result=claim.transfer.checkpoint)
        failed = queued(state=State.FAILED, done=7, checkpoint={"row": 7}, attempts=3, error="x", ended_at=NOON)
        transfers.retry(failed, actor=ACTOR)
        assert (failed.error, failed.ended_at, failed.done) == ("", None, 7)
        assert rerun(failed).result == {"row": 7}

    def test_without_its_files_it_cannot_go_on(self) -> None:
        with pytest.raises(NotNow, match="begin anew"):
            transfers.retry(queued(state=State.FAILED, expires_at=None), actor=ACTOR)

    @pytest.mark.parametrize("state", sorted(set(State) - {State.FAILED, State.WAITING}))
    def test_only_what_has_failed_is_taken_up_again(self, state: State) -> None:
        with pytest.raises(NotNow):
            transfers.retry(queued(state=state), actor=ACTOR)

    @pytest.mark.django_db(transaction=True)
    def test_a_broker_that_is_away_makes_no_error_page(
        self, marketer: Any, signed_in: Callable[[Any], Client], settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(current_app.conf, "broker_url", CLOSED_PORT)
        monkeypatch.setattr(current_app, "_pool", None)
        transfer = TransferFactory.create(owner=marketer, state=State.WAITING, step="confirm")

        response = signed_in(marketer).post(f"/contacts/import/{transfer.pk}/run/")

        assert (response.status_code, response["Location"]) == (302, f"/contacts/import/{transfer.pk}/")
        transfer.refresh_from_db()
        assert transfer.state == State.QUEUED, "beat finds it, once the broker is there again"


class TestTimetable:
    @pytest.fixture
    def woken(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
        sent: list[tuple[str, list[int]]] = []
        monkeypatch.setattr(
            current_app, "send_task", lambda name, arguments, **_options: sent.append((name, arguments))
        )
        return sent

    def test_workers_are_woken_for_what_is_due_and_nothing_else(
        self, woken: list[tuple[str, list[int]]], django_capture_on_commit_callbacks: Any
    ) -> None:
        now = timezone.now()
        due = [queued(), queued(state=State.RUNNING, lease_until=now - SECOND)]
        for state in set(State) - {State.QUEUED}:
            queued(state=state, lease_until=now + 30 * SECOND)
        queued(due_at=now + 30 * SECOND)

        with django_capture_on_commit_callbacks(execute=True):
            assert transfers.wake_due() == 2
        assert sorted(woken) == [("activity.tasks.run_transfer", [transfer.pk]) for transfer in due]

    def test_what_it_names_is_a_task(self) -> None:
        current_app.loader.import_default_modules()
        assert "activity.tasks.run_transfer" in current_app.tasks
        named = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
        assert named <= current_app.tasks.keys()

    def test_files_go_after_their_time_and_what_was_never_started_ends(self) -> None:
        over, not_yet = timezone.now() - SECOND, timezone.now() + SECOND
        waiting, done, running = (
            queued(state=state, expires_at=over) for state in (State.WAITING, State.DONE, State.RUNNING)
        )
        fresh = queued(state=State.DONE, expires_at=not_yet)
        for transfer in (waiting, done, running, fresh):
            (transfer.path / "upload").write_text("olga@example.com")
        paths = {transfer.pk: transfer.path for transfer in (waiting, done, running, fresh)}

        assert transfers.expire() == 2
        assert transfers.expire() == 0

        assert {pk for pk, path in paths.items() if path.exists()} == {running.pk, fresh.pk}
        for transfer, state in ((waiting, State.CANCELLED), (done, State.DONE), (running, State.RUNNING)):
            transfer.refresh_from_db()
            assert transfer.state == state
        assert waiting.ended_at
        assert done.expires_at is None


def test_what_is_shown_of_progress() -> None:
    assert [Transfer(done=done, total=total).percent for done, total in [(0, None), (0, 0), (1, 3), (9, 3)]] == [
        None,
        None,
        33,
        100,
    ]
