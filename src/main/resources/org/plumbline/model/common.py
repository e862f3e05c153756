# What every decoder family shares. Java fills in ${...}, puts the family's methods below, and packs
# the whole as a TorchScript archive. w is the list of weight blocks, each flat; a family gives them shape.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # Views into the one flat array. Their gradients come back as one flat array too.
  def weights(self: __torch__.Kernels, flat: Tensor) -> List[Tensor]:
    return torch.split_with_sizes(flat, [${sizes}], 0)

  # Hidden states [B, T, C] of right-padded ids [B, T], each token seeing those before it.
  def hidden(self: __torch__.Kernels, w: List[Tensor], ids: Tensor) -> Tensor:
    positions = torch.unsqueeze(torch.arange(torch.size(ids, 1), dtype=4, device=ids.device), 0)
    return (self).trunk(w, ids, positions, annotate(List[Tensor], []), 0, None)

  # Log-probabilities [R, V] of the next token at places at [R] of hidden states [B, T, C], a place
  # being a row times T - 1 plus a position. Only what is asked for meets the vocabulary.
  def next_token(self: __torch__.Kernels, w: List[Tensor], x: Tensor, at: Tensor, temperature: Tensor) -> Tensor:
    rows = torch.index_select(torch.reshape(torch.slice(x, 1, 0, -1), [-1, ${hidden}]), 0, at)
    return torch.log_softmax((self).logits(w, torch.div(rows, temperature)), -1)

  # The entries of logp [R, V] that belong to the tokens that did follow: [R].
  def chosen(self: __torch__.Kernels, logp: Tensor, ids: Tensor, at: Tensor) -> Tensor:
    next = torch.index_select(torch.reshape(torch.slice(ids, 1, 1), [-1]), 0, at)
    return torch.squeeze(torch.gather(logp, 1, torch.unsqueeze(next, 1)), 1)

  # Numbers [R] in their places of [B, T - 1]; 0 elsewhere.
  def spread(self: __torch__.Kernels, numbers: Tensor, ids: Tensor, at: Tensor) -> Tensor:
    B = torch.size(ids, 0)
    T = torch.size(ids, 1)
    empty = torch.zeros([B * (T - 1)], dtype=6, device=ids.device)
    return torch.view(torch.index_copy(empty, 0, at, numbers), [B, T - 1])

  # Log-probabilities [B, T - 1] of ids[:, 1:] at places at [R], each given what stands before it.
  def logprobs(self: __torch__.Kernels, flat: Tensor, ids: Tensor, at: Tensor, temperature: Tensor) -> Tensor:
    w = (self).weights(flat)
    logp = (self).next_token(w, (self).hidden(w, ids), at, temperature)
    return (self).spread((self).chosen(logp, ids, at), ids, at)

  # Log-probabilities as above, the entropy of each next-token distribution, and values, each [B, T - 1].
  def policy(self: __torch__.Kernels, flat: Tensor, ids: Tensor, at: Tensor, temperature: Tensor) -> List[Tensor]:
    w = (self).weights(flat)
    x = (self).hidden(w, ids)
    logp = (self).next_token(w, x, at, temperature)
    entropy = torch.neg(torch.sum(torch.mul(torch.exp(logp), logp), [1]))
    values = torch.squeeze((self).head(w, torch.slice(x, 1, 0, -1)), 2)
    return [(self).spread((self).chosen(logp, ids, at), ids, at), (self).spread(entropy, ids, at), values]

  # The head [B] on the token at index last [B] of each row.
  def scores(self: __torch__.Kernels, flat: Tensor, ids: Tensor, last: Tensor) -> Tensor:
    w = (self).weights(flat)
    x = (self).hidden(w, ids)
    index = torch.expand(torch.reshape(last, [-1, 1, 1]), [-1, 1, torch.size(x, 2)])
    return torch.reshape((self).head(w, torch.gather(x, 1, index)), [-1])

  # Logits [B, T, V].
  def forward_logits(self: __torch__.Kernels, flat: Tensor, ids: Tensor) -> Tensor:
    w = (self).weights(flat)
    return (self).logits(w, (self).hidden(w, ids))

  # The scalar head on hidden states [B, T, C].
  def head(self: __torch__.Kernels, w: List[Tensor], x: Tensor) -> Tensor:
    return ${head}

  # Attention of q [B, H, T, D] over k, v [B, KV, T, D]; with a cache, over all that is in it up to here.
  def attend(self: __torch__.Kernels, q: Tensor, k: Tensor, v: Tensor, cache: List[Tensor], layer: int, start: int, mask: Optional[Tensor]) -> Tensor:
    B = torch.size(q, 0)
    H = torch.size(q, 1)
    T = torch.size(q, 2)
    causal = True
    if torch.gt(torch.len(cache), 0):
      causal = False
      torch.copy_(torch.narrow(cache[2 * layer], 2, start, T), k)
      torch.copy_(torch.narrow(cache[2 * layer + 1], 2, start, T), v)
      k = torch.narrow(cache[2 * layer], 2, 0, start + T)
      v = torch.narrow(cache[2 * layer + 1], 2, 0, start + T)
    if torch.ne(torch.size(k, 1), H):
      k = torch.repeat_interleave(k, torch.floordiv(H, torch.size(k, 1)), 1)
      v = torch.repeat_interleave(v, torch.floordiv(H, torch.size(v, 1)), 1)
    a = torch.scaled_dot_product_attention(q, k, v, mask, 0.0, causal)
    return torch.reshape(torch.transpose(a, 1, 2), [B, T, H * torch.size(q, 3)])

  # Continues left-padded prompts ids [B, P], with pads [B] unused places in front, by one token for
  # each column of uniforms [B, N]: inverse CDF at temperature > 0, the most probable token at 0.
  # Returns [B, N]; after a row's first stop token, -1.
  def generate(self: __torch__.Kernels, flat: Tensor, ids: Tensor, pads: Tensor, uniforms: Tensor, stops: Tensor, temperature: float) -> Tensor:
    w = (self).weights(flat)
    B = torch.size(ids, 0)
    P = torch.size(ids, 1)
    N = torch.size(uniforms, 1)
    cache = annotate(List[Tensor], [])
    for i in range(2 * ${layers}):
      cache = torch.append(cache, torch.zeros([B, ${kv_heads}, P + N, ${head_dim}], dtype=6, device=ids.device))
    out = torch.full([B, N], -1, dtype=4, device=ids.device)
    done = torch.zeros([B, 1], dtype=11, device=ids.device)
    first = torch.unsqueeze(pads, 1)
    cur = ids
    start = 0
    step = 0
    going = True
    while going:
      T = torch.size(cur, 1)
      rows = torch.arange(start, start + T, dtype=4, device=ids.device)
      keys = torch.unsqueeze(torch.arange(start + T, dtype=4, device=ids.device), 0)
      # a row whose context has ended goes on, unread, beside rows that began later
      positions = torch.clamp(torch.sub(torch.unsqueeze(rows, 0), first), 0, ${context} - 1)
      before = torch.le(keys, torch.unsqueeze(rows, 1))
      same = torch.eq(keys, torch.unsqueeze(rows, 1))
      real = torch.ge(keys, first)
      # a padding token sees itself, or its softmax would be over nothing
      mask = torch.logical_or(torch.logical_and(torch.unsqueeze(before, 0), torch.unsqueeze(real, 1)), torch.unsqueeze(same, 0))
      x = (self).trunk(w, cur, positions, cache, start, torch.unsqueeze(mask, 1))
      logits = torch.squeeze((self).logits(w, torch.slice(x, 1, -1)), 1)
      if torch.eq(temperature, 0.0):
        nxt = torch.argmax(logits, 1, True)
      else:
        cdf = torch.cumsum(torch.softmax(torch.div(logits, temperature), -1), -1)
        # rounding leaves the last entry beside 1; scaled by it, no draw lies beyond
        drawn = torch.mul(torch.narrow(uniforms, 1, step, 1), torch.slice(cdf, 1, -1))
        nxt = torch.sum(torch.le(cdf, drawn), [1], True)
      torch.copy_(torch.narrow(out, 1, step, 1), torch.masked_fill(nxt, done, -1))
      done = torch.logical_or(done, torch.isin(nxt, stops))
      cur = nxt
      start = start + T
      step = step + 1
      going = torch.lt(step, N)
      if bool(torch.all(done)):
        going = False
    return out

  # Divides the summed gradient by count, clips it to max_norm and takes one AdamW step, all in place.
  # Returns the norm before clipping; where it is not finite nothing is changed. Arrays come as lists
  # of one: the compiler drops a fused step on lists made here, since it sees nobody read them.
  def update(self: __torch__.Kernels, flat: List[Tensor], grad: List[Tensor], m: List[Tensor], v: List[Tensor], step: float, count: float, max_norm: float, lr: float, beta1: float, beta2: float, eps: float, decay: float) -> float:
    torch.div_(grad[0], count)
    size = torch.linalg_vector_norm(grad[0])
    norm = float(size)
    if bool(torch.isfinite(size)):
      if torch.gt(norm, max_norm):
        torch.mul_(grad[0], torch.div(max_norm, norm))
      t = torch.full([], step, dtype=6, device=size.device)
      torch._fused_adamw_(flat, grad, m, v, annotate(List[Tensor], []), [t], lr=lr, beta1=beta1, beta2=beta2, weight_decay=decay, eps=eps, amsgrad=False, maximize=False)
    return norm
