/** Where the choices of an expert are written down: pages that stay. */
const arxiv = (id: string) => `https://arxiv.org/abs/${id}`;

/** Kornblith et al., Do Better ImageNet Models Transfer Better? */
export const TRANSFER = arxiv('1805.08974');
/** Kolesnikov et al., BiT: its rule for size and length of fine-tuning */
export const BIG_TRANSFER = arxiv('1912.11370');
/** Kumar et al., Fine-Tuning can Distort Pretrained Features */
export const DISTORTION = arxiv('2202.10054');
/** He et al., Rethinking ImageNet Pre-training */
export const FROM_SCRATCH = arxiv('1811.08883');
/** Masters and Luschi, Revisiting Small Batch Training */
export const SMALL_BATCHES = arxiv('1804.07612');
/** Goyal et al., Accurate, Large Minibatch SGD */
export const LINEAR_SCALING = arxiv('1706.02677');
/** Malladi et al., On the SDEs and Scaling Rules for Adaptive Gradients */
export const ROOT_SCALING = arxiv('2205.10287');
/** Loshchilov and Hutter, Decoupled Weight Decay Regularization */
export const DECOUPLED_DECAY = arxiv('1711.05101');
/** Steiner et al.: augmentation and decay by the amount of data */
export const HOW_TO_TRAIN_VIT = arxiv('2106.10270');
export const MIXED_PRECISION = 'https://docs.pytorch.org/docs/stable/amp.html';
/** Prechelt, Early Stopping – But When? */
export const EARLY_STOPPING = 'https://doi.org/10.1007/3-540-49430-8_3';
