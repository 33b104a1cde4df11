"""``python -m services.leverantor api|strom|migrera``: the service's processes on a cluster."""

from services.chassis.run import main
from services.leverantor.app import NAME, app
from services.leverantor.process import PARTS

if __name__ == "__main__":
    main(NAME, app, PARTS)
