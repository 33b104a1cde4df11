"""``python -m services.uppfoljning api|strom|migrera``: the service's processes on a cluster."""

from services.chassis.run import main
from services.uppfoljning.app import NAME, app
from services.uppfoljning.process import PARTS

if __name__ == "__main__":
    main(NAME, app, PARTS)
