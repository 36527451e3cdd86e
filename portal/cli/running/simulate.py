"""``flask --app wsgi simulate-provider``: a provider to test against, as a server of its own."""

import signal
from threading import Event
from types import FrameType
from typing import Any

import click
from flask import Flask

from portal.cli.terminal import stdin_secrets
from portal.simulator import running
from portal.simulator.settings import MISBEHAVIOURS, REVIEWS, Settings


def init_app(app: Flask) -> None:
    app.cli.add_command(simulate)


@click.command("simulate-provider")
@click.option("--port", default=11136, type=click.IntRange(0, 65535), show_default=True, help="0 uses any free port.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--portal", required=True, help="The address of the portal, such as http://127.0.0.1:5000.")
@click.option("--client-id", required=True, help="The API client of the simulated provider (`client add`).")
@click.option("--client-secret", help="The client secret, used in both directions. Visible in the process list.")
@click.option("--client-secret-stdin", is_flag=True, help="Read the secret from standard input instead.")
@click.option("--ready-after", default=2.0, show_default=True, help="Seconds from the launch page to ready.")
@click.option("--review-after", default=10.0, show_default=True, help="Seconds from the end to the review.")
@click.option("--review", type=click.Choice(REVIEWS), default="passed", show_default=True)
@click.option("--needs-onboarding", is_flag=True, help="Refuse proctored exams until onboarding is approved.")
@click.option("--misbehave", multiple=True, type=click.Choice(MISBEHAVIOURS), help="Can be repeated.")
def simulate(port: int, host: str, misbehave: tuple[str, ...], client_secret_stdin: bool, **said: Any) -> None:
    """Run a simulated provider for the REST protocol until stopped. It stores nothing."""
    if client_secret_stdin:
        said["client_secret"] = stdin_secrets.line("The client's secret")
    if not said["client_secret"]:
        raise click.UsageError("Use --client-secret-stdin, or --client-secret if nobody else uses the machine.")
    stop = Event()

    def on_signal(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    with running(Settings(misbehave=set(misbehave), **said), host=host, port=port) as simulator:
        click.echo(f"The simulated provider is ready at {simulator.address}/ (stop with Ctrl+C).")
        stop.wait()
