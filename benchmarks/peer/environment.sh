# Sourced by the scripts beside it, in the repository's root: sets `python`, with PyTorch from PyPI in a
# virtual environment under target/ (a download of some gigabytes), and Retort's `classpath`.
# RETORT_PEER_PYTHON names another Python that has torch.
python=${RETORT_PEER_PYTHON:-target/peer/bin/python}
if [ ! -x "$python" ]; then
  python3 -m venv target/peer
  target/peer/bin/pip install --quiet "torch==2.15.0" numpy
fi
./mvnw -B -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath
classpath="target/test-classes:target/classes:$(cat target/classpath)"
