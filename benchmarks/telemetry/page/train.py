"""A training as people write it: Lightning with its own MLFlowLogger. Nothing here knows of Mallo."""

import time

import lightning
import torch
from lightning.pytorch.loggers import MLFlowLogger

STEPS = 300


class Net(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Linear(8, 2)

    def training_step(self, batch, _):
        # As long as a small network takes on a small GPU.
        time.sleep(0.1)
        loss = torch.nn.functional.cross_entropy(self.layers(batch[0]), batch[1])
        self.log_dict({"loss": loss, "seen": float(self.global_step + 1)})
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.01)


inputs = torch.randn(STEPS, 8)
data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(inputs, (inputs.sum(1) > 0).long()))
trainer = lightning.Trainer(
    max_epochs=1, logger=MLFlowLogger("page"), log_every_n_steps=1, accelerator="cpu", enable_checkpointing=False
)
trainer.fit(Net(), data)
