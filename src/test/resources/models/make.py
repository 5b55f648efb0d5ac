"""Makes the model files of this directory with the frameworks that people make theirs with.

  python -m venv /tmp/venv && /tmp/venv/bin/pip install -r requirements.txt
  /tmp/venv/bin/python make.py

Beside each model lies NAME.expected.csv: what the framework itself says of the first 100 rows of
rows.csv, as logits or as probabilities.
"""
import csv
import warnings

import numpy as np

warnings.filterwarnings("ignore")
ROWS, FEATURES, SHOWN = 300, 6, 100
NAMES = np.array(["ant", "bee", "cow"])
rng = np.random.default_rng(7)


def data():
    """Small whole numbers, so that models of token ids read them too; three classes."""
    x = rng.integers(0, 10, (ROWS, FEATURES)).astype(np.float32)
    w = rng.normal(size=(FEATURES, 3))
    y = ((x - 4.5) @ w + rng.normal(size=(ROWS, 3))).argmax(1)
    for name, labels in {
        "rows": y,
        "rows-named": NAMES[y],
        "rows-binary": (y == 0).astype(int),
    }.items():
        with open(name + ".csv", "w", newline="") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow([f"x{i}" for i in range(FEATURES)] + ["label"])
            for row, label in zip(x, labels):
                out.writerow([int(v) for v in row] + [label])
    return x, y


def expect(name, values):
    values = np.asarray(values, dtype=np.float64)[:SHOWN].reshape(SHOWN, -1)
    np.savetxt(name + ".expected.csv", values, delimiter=",", fmt="%.7g")


def pytorch(x, y):
    import torch
    from torch import nn

    torch.manual_seed(7)
    images = x.reshape(-1, 1, 2, 3)

    def fit(net, inputs, target, loss):
        optimizer = torch.optim.Adam(net.parameters(), 0.01)
        for _ in range(200):
            optimizer.zero_grad()
            loss(net(*inputs), target).backward()
            optimizer.step()
        return net.eval()

    def save(name, net, inputs, names, dynamic=True, half=False):
        if half:
            net, inputs = net.half(), tuple(i.half() for i in inputs)
        with torch.no_grad():
            expect(name, net(*inputs).float().numpy())
        axes = {n: {0: "batch"} for n in names + ["logits"]} if dynamic else None
        torch.onnx.export(
            net, tuple(i[:8] for i in inputs), name + ".onnx", input_names=names,
            output_names=["logits"], dynamic_axes=axes, opset_version=17, dynamo=False)

    target = torch.tensor(y)
    t = torch.tensor(x)
    ce = nn.CrossEntropyLoss()
    mlp = nn.Sequential(nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 3))
    save("torch-mlp", fit(mlp, (t,), target, ce), (t,), ["features"])
    save("torch-half", mlp, (t,), ["features"], half=True)

    cnn = nn.Sequential(nn.Conv2d(1, 4, 2), nn.ReLU(), nn.Flatten(), nn.Linear(8, 3))
    i = torch.tensor(images)
    fit(cnn, (i,), target, ce)
    # a batch that is fixed at 8, and probabilities
    save("torch-cnn", nn.Sequential(cnn, nn.Softmax(1)), (i,), ["image"], dynamic=False)

    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.out = nn.Linear(2, 8), nn.Linear(4, 8), nn.Linear(8, 3)

        def forward(self, first, second):
            return self.out(torch.tanh(self.a(first) + self.b(second)))

    parts = (t[:, :2], t[:, 2:])
    save("torch-two", fit(Two(), parts, target, ce), parts, ["first", "second"])

    ids = t.long()
    bag = nn.Sequential(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(24, 3))
    save("torch-ids", fit(bag, (ids,), target, ce), (ids,), ["ids"])

    one = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 1))
    binary = torch.tensor((y == 0).astype(np.float32)).reshape(-1, 1)
    save("torch-binary", fit(one, (t,), binary, nn.BCEWithLogitsLoss()), (t,), ["features"])
    # one probability a row and no side for it, behind nodes that have more inputs than the numbers
    likely = nn.Sequential(one, nn.Sigmoid(), nn.Flatten(0))
    save("torch-sigmoid", likely, (t,), ["features"])


def hugging_face(y):
    """A BERT as its configuration makes it, trained a little: token ids and a mask go in."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    length = rng.integers(2, 5, ROWS)
    mask = (np.arange(4) < length[:, None]).astype(np.int64)
    # tokens of the row's class, and some noise
    ids = np.where(rng.random((ROWS, 4)) < 0.8, 1 + y[:, None], rng.integers(1, 8, (ROWS, 4))) * mask
    with open("rows-tokens.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow([f"id{i}" for i in range(4)] + [f"mask{i}" for i in range(4)] + ["label"])
        out.writerows(np.hstack([ids, mask, y[:, None]]).tolist())
    net = BertForSequenceClassification(BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=4, type_vocab_size=1, num_labels=3,
        hidden_dropout_prob=0, attention_probs_dropout_prob=0, attn_implementation="eager"))
    inputs = torch.tensor(ids), torch.tensor(mask)
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    for _ in range(60):
        optimizer.zero_grad()
        net(*inputs, labels=torch.tensor(y)).loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        expect("hf-bert", net(*inputs).logits.numpy())
    names = ["input_ids", "attention_mask"]
    torch.onnx.export(
        net, tuple(i[:8] for i in inputs), "hf-bert.onnx", input_names=names,
        output_names=["logits"], dynamic_axes={n: {0: "batch"} for n in names + ["logits"]},
        opset_version=17, dynamo=False)


def soft_targets():
    """Files beside the first 100 rows, of what two of the models say of them."""
    import pyarrow
    import pyarrow.parquet

    logits = np.loadtxt("torch-mlp.expected.csv", delimiter=",")
    np.save("soft-logits.npy", logits)
    bad = logits.astype(np.float16)
    bad[16, 1] = np.nan
    np.save("soft-bad.npy", bad)
    likely = np.loadtxt("sklearn-logistic.expected.csv", delimiter=",").astype(np.float32)
    pyarrow.parquet.write_table(
        pyarrow.table({name: likely[:, list(NAMES).index(name)] for name in ["cow", "ant", "bee"]}),
        "soft-named.parquet")


def scikit_learn(x, y):
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType
    from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    def save(name, model, **more):
        expect(name, model.predict_proba(x))
        with open(name + ".onnx", "wb") as f:
            f.write(to_onnx(model, more.pop("sample", x[:1]), target_opset=17, **more)
                    .SerializeToString())

    logistic = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, NAMES[y])
    save("sklearn-logistic", logistic, options={"zipmap": False})
    forest = RandomForestClassifier(8, max_depth=5, random_state=7).fit(x, y)
    save("sklearn-forest-zipmap", forest)
    boosted = GradientBoostingClassifier(n_estimators=8, random_state=7).fit(x, y)
    save("sklearn-boosting", boosted, options={"zipmap": False})
    mlp = make_pipeline(StandardScaler(), MLPClassifier(8, max_iter=500, random_state=7)).fit(x, y)
    save("sklearn-mlp-double", mlp, options={"zipmap": False},
         sample=None, initial_types=[("X", DoubleTensorType([None, FEATURES]))])


def trees(x, y):
    import lightgbm
    import onnxmltools
    import xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType

    types = [("input", FloatTensorType([None, FEATURES]))]
    xgb = xgboost.XGBClassifier(n_estimators=6, max_depth=3, random_state=7).fit(x, y)
    expect("xgboost", xgb.predict_proba(x))
    onnxmltools.utils.save_model(
        onnxmltools.convert_xgboost(xgb, initial_types=types, target_opset=15), "xgboost.onnx")
    lgbm = lightgbm.LGBMClassifier(n_estimators=6, num_leaves=7, random_state=7, verbose=-1)
    lgbm.fit(x, y)
    expect("lightgbm", lgbm.predict_proba(x))
    onnxmltools.utils.save_model(
        onnxmltools.convert_lightgbm(lgbm, initial_types=types, target_opset=15), "lightgbm.onnx")


def keras(x, y):
    import os

    os.environ["KERAS_BACKEND"] = "torch"
    import keras
    from keras import layers

    keras.utils.set_random_seed(7)

    def save(name, model, rows, endings):
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(rows, y, epochs=80, verbose=0)
        expect(name, model.predict(rows, verbose=0))
        for ending in endings:
            model.save(name + ending)

    convolutional = keras.Sequential([
        layers.Input((2, 3, 1)),
        layers.Conv2D(4, 2, padding="same", activation="relu", name="conv"),
        layers.BatchNormalization(name="norm"),
        layers.MaxPooling2D((1, 2), name="pool"),
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(3, activation="softmax", name="out")])
    save("keras-sequential", convolutional, x.reshape(-1, 2, 3, 1), [".h5", ".keras"])
    start = layers.Input((6,), name="features")
    left = layers.Dense(8, activation="tanh", name="left")(start)
    right = layers.Dense(8, activation="swish", name="right")(start)
    both = layers.Concatenate(name="both")([layers.Add(name="sum")([left, right]), start])
    out = layers.Dense(3, activation="softmax", name="out")(layers.ReLU()(both))
    save("keras-functional", keras.Model(start, out), x, [".h5", ".keras"])
    image = layers.Input((2, 3, 1), name="image")
    norm = layers.Normalization(name="seen")
    norm.adapt(x.reshape(-1, 2, 3, 1))
    h = layers.ZeroPadding2D(((1, 0), (2, 1)), name="zeros")(norm(image))
    h = layers.LeakyReLU(negative_slope=0.1)(layers.Conv2D(4, 2, use_bias=False)(h))
    h = layers.DepthwiseConv2D(2, padding="same", depth_multiplier=2, activation="gelu")(h)
    h = layers.PReLU(shared_axes=[1, 2])(layers.LayerNormalization()(h))
    h = layers.SeparableConv2D(6, 2, padding="same", depth_multiplier=2)(h)
    h = layers.Rescaling([0.5, 1, 2, 1, 1, 0.5], offset=0.1)(layers.ReLU(6, negative_slope=0.2)(h))
    inner = layers.Input((None, None, 6))
    two = layers.Conv2D(3, 1, activation="leaky_relu")(inner), layers.Conv2D(3, 1)(inner)
    split = keras.Model(inner, layers.Maximum()(two), name="split")
    nested = keras.Sequential([split, layers.ELU(0.7), layers.Conv2D(5, 1, name="last")], name="nested")
    h = layers.Permute((3, 1, 2))(nested(h))
    h = layers.Flatten()(h)
    h = layers.Average()([layers.Dense(6, "relu6")(h), layers.Dense(6, "tanh")(h)])
    h = layers.Subtract()([h, layers.Minimum()([h, layers.Dense(6)(h)])])
    zoo = keras.Model(image, layers.Dense(3, activation="softmax", name="out")(h))
    save("keras-zoo", zoo, x.reshape(-1, 2, 3, 1), [".h5", ".keras"])
    recurrent = keras.Sequential([
        layers.Input((6, 1)), layers.GRU(2, name="gru"), layers.Dense(3, activation="softmax")])
    recurrent.save("keras-gru.keras")


if __name__ == "__main__":
    features, labels = data()
    scikit_learn(features, labels)
    trees(features, labels)
    pytorch(features, labels)
    keras(features, labels)
    hugging_face(labels)
    soft_targets()
