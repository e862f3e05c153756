# What every decoder family shares. Java fills in ${...}, puts the family's methods below, and packs
# the whole as a TorchScript archive.
#
# A decoder is a list w of weight blocks, each flat, in the order of Architecture.blocks: two of the
# embedding, eighteen a layer (the last four are adapters), five at the end. What a family does
# without is empty.
# M = B T tokens of B rows, C hidden, V words of the vocabulary, R places where words are asked for.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # The blocks of one layer.
  def layer(self: __torch__.Kernels, w: List[Tensor], number: int) -> List[Tensor]:
    return torch.slice(w, 2 + 18 * number, 20 + 18 * number)

  # Where a piece of the graph begins: autograd sees nothing of what came before.
  def leaf(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.requires_grad_(torch.detach(x), True)

  # To the type that products are taken in.
  def cast(self: __torch__.Kernels, x: Tensor) -> Tensor:
    return torch.to(x, ${compute})

  # A weight outside of products as products would see it, in float32: so a model computes the very same
  # whether its weights are float32 or were rounded when they were read. Gradients pass unrounded.
  def rounded(self: __torch__.Kernels, w: Tensor) -> Tensor:
    if torch.ne(ops.prim.dtype(w), ${compute}):
      w = torch.to(w, 6)
      w = torch.add(w, torch.detach(torch.sub((self).cast(w), w)))
    return torch.to(w, 6)

  # x [M, K] times the transpose of w [N, K], either perhaps a view, plus a bias [N] or nothing. For
  # float32 oneDNN has AVX-512 kernels on every CPU, but packs w on each call and builds a kernel for
  # each new shape, so small products are left to what PyTorch takes by itself.
  def product(self: __torch__.Kernels, x: Tensor, w: Tensor, bias: Tensor) -> Tensor:
    x = torch.detach(x)
    w = torch.detach(w)
    large = torch.gt(torch.size(x, 0) * torch.size(x, 1) * torch.size(w, 0), ${large_product})
    if torch.__or__(ops.prim.is_cuda(x), torch.ne(ops.prim.dtype(x), 6)):
      large = False
    if torch.__and__(large, torch.gt(torch.size(x, 0), 15)):
      b = annotate(Optional[Tensor], None)
      if torch.gt(torch.numel(bias), 0):
        b = bias
      y = ops.mkldnn._linear_pointwise(x, w, b, "none", annotate(List[Optional[number]], []), "")
    else:
      if torch.gt(torch.numel(bias), 0):
        y = torch.addmm(bias, x, torch.t(w))
      else:
        y = torch.mm(x, torch.t(w))
    return y

  # A linear layer [M, K] -> [M, N].
  def linear(self: __torch__.Kernels, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    w = (self).matrix(weight, torch.size(x, 1))
    return (self).product((self).cast(x), (self).cast(w), (self).cast(torch.detach(bias)))

  # Linear layer 0 to 3 of a layer's blocks, with what its adapters add.
  def affine(self: __torch__.Kernels, x: Tensor, w: List[Tensor], number: int) -> Tensor:
    place = (self).place(number)
    return (self).adapt((self).linear(x, w[place], w[place + 1]), x, w[14 + number], number)

  # Where the weight of a linear layer stands among a layer's blocks: of the projections to queries,
  # keys and values, of their way out, of the expansion, of the contraction.
  def place(self: __torch__.Kernels, number: int) -> int:
    return ([${linear_places}])[number]

  # Queries [B, H, T, D], keys and values [B, KV, T, D] of projections [M, (H + 2 KV) D].
  def heads(self: __torch__.Kernels, h: Tensor, q_norm: Tensor, k_norm: Tensor, B: int, rotary: List[Tensor]) -> List[Tensor]:
    split = torch.transpose(torch.view(h, [B, -1, ${heads} + 2 * ${kv_heads}, ${head_dim}]), 1, 2)
    q, k, v = torch.split_with_sizes(split, [${heads}, ${kv_heads}, ${kv_heads}], 1)
    if torch.gt(torch.numel(q_norm), 0):
      q = (self).cast(torch.rms_norm(torch.to(q, 6), [${head_dim}], (self).rounded(q_norm), ${eps}))
      k = (self).cast(torch.rms_norm(torch.to(k, 6), [${head_dim}], (self).rounded(k_norm), ${eps}))
    if torch.gt(torch.len(rotary), 0):
      q = (self).cast((self).rotate(q, rotary[0], rotary[1]))
      k = (self).cast((self).rotate(k, rotary[0], rotary[1]))
    return [q, k, v]

  # Rotary embedding in halves (Su et al. 2021, arXiv:2104.09864, as laid out by Hugging Face).
  def rotate(self: __torch__.Kernels, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    a, b = torch.chunk(x, 2, -1)
    return torch.add(torch.mul(x, cos), torch.mul(torch.cat([torch.neg(b), a], -1), sin))

  # Causal attention [M, H D] over whole rows; padding is on the right, where no real token looks.
  def attention(self: __torch__.Kernels, h: Tensor, q_norm: Tensor, k_norm: Tensor, B: int, rotary: List[Tensor]) -> Tensor:
    q, k, v = (self).heads(h, q_norm, k_norm, B, rotary)
    if torch.ne(${kv_heads}, ${heads}):
      k = torch.repeat_interleave(k, torch.floordiv(${heads}, ${kv_heads}), 1)
      v = torch.repeat_interleave(v, torch.floordiv(${heads}, ${kv_heads}), 1)
    a = torch.scaled_dot_product_attention(q, k, v, None, 0.0, True)
    return torch.reshape(torch.transpose(a, 1, 2), [-1, ${heads} * ${head_dim}])

  # One layer on x [M, C]. Returns what its way back needs, and the result last: x, its norm, the
  # projections, what attention made of them, the sum with x, its norm, the expansion, its activation.
  # Norms, attention and activation are pieces of a graph; products are walked back by hand.
  def layer_forward(self: __torch__.Kernels, x: Tensor, w: List[Tensor], B: int, rotary: List[Tensor]) -> List[Tensor]:
    x = (self).leaf(x)
    y = (self).norm(x, w[0], w[1])
    h = (self).leaf((self).affine(y, w, 0))
    a = (self).attention(h, w[4], w[5], B, rotary)
    x2 = (self).leaf(torch.add(torch.detach(x), (self).affine(a, w, 1)))
    y2 = (self).norm(x2, w[8], w[9])
    h2 = (self).leaf((self).affine(y2, w, 2))
    g = (self).activate(h2)
    out = torch.add(torch.detach(x2), (self).affine(g, w, 3))
    return [x, y, h, a, x2, y2, h2, g, out]

  # Places 0 to T - 1 of every row.
  def positions(self: __torch__.Kernels, ids: Tensor) -> Tensor:
    return torch.unsqueeze(torch.arange(torch.size(ids, 1), dtype=4, device=ids.device), 0)

  # Final hidden states [M, C] of right-padded ids [B, T], each token seeing those before it.
  def hidden(self: __torch__.Kernels, w: List[Tensor], ids: Tensor) -> Tensor:
    positions = (self).positions(ids)
    rotary = (self).rotary(positions)
    x = (self).embed(w, ids, positions)
    for layer in range(${layers}):
      x = ((self).layer_forward(x, (self).layer(w, layer), torch.size(ids, 0), rotary))[8]
    return (self).norm(x, w[-5], w[-4])

  # The weight [V, C] that maps hidden states to logits.
  def unembedding(self: __torch__.Kernels, w: List[Tensor]) -> Tensor:
    weight = w[-3]
    if torch.eq(torch.numel(weight), 0):
      weight = w[0]
    return (self).cast(torch.view(torch.detach(weight), [-1, ${hidden}]))

  # Logits [R, V] of hidden states [R, C], in float32.
  def logits(self: __torch__.Kernels, w: List[Tensor], rows: Tensor) -> Tensor:
    none = torch.empty([0], dtype=6, device=rows.device)
    return torch.to((self).product((self).cast(rows), (self).unembedding(w), none), 6)

  # Logits [B, T, V].
  def forward_logits(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor) -> Tensor:
    w = (self).adapted(flat, adapters)
    return torch.view((self).logits(w, (self).hidden(w, ids)), [torch.size(ids, 0), torch.size(ids, 1), -1])

  # Indices [R] into tokens [M] of places at [R], each a row times T - 1 plus a position.
  def tokens_at(self: __torch__.Kernels, ids: Tensor, at: Tensor) -> Tensor:
    return torch.add(at, torch.floor_divide(at, torch.size(ids, 1) - 1))

  # Numbers [R] in their places of [B, T - 1]; 0 elsewhere.
  def spread(self: __torch__.Kernels, numbers: Tensor, ids: Tensor, at: Tensor) -> Tensor:
    B = torch.size(ids, 0)
    T = torch.size(ids, 1)
    empty = torch.zeros([B * (T - 1)], dtype=6, device=ids.device)
    return torch.view(torch.index_copy(empty, 0, at, numbers), [B, T - 1])

  # The logarithm [R] of the sum of exponentials of logits whose largest are top [R] and whose softmax
  # is p [R, V]: the largest probability is 1 over a sum of at most V, never too small to take a log of.
  def log_sum_exp(self: __torch__.Kernels, top: Tensor, p: Tensor) -> Tensor:
    return torch.sub(top, torch.log(torch.amax(p, [1])))

  # Log-probabilities [R] of the words that follow and entropies [R] (nats) of what might have. Rows
  # meet the vocabulary a few at a time, so memory does not grow with R times V.
  def word_logprobs(self: __torch__.Kernels, w: List[Tensor], rows: Tensor, next: Tensor, temperature: float, entropies: bool) -> List[Tensor]:
    weight = (self).unembedding(w)
    none = torch.empty([0], dtype=6, device=rows.device)
    R = torch.size(rows, 0)
    logp = torch.empty([R], dtype=6, device=rows.device)
    entropy = torch.zeros([R], dtype=6, device=rows.device)
    start = 0
    while torch.lt(start, R):
      end = ops.prim.min(start + ${chunk}, R)
      scaled = (self).cast(torch.div(torch.slice(rows, 0, start, end), temperature))
      z = torch.to((self).product(scaled, weight, none), 6)
      chosen = torch.gather(z, 1, torch.unsqueeze(torch.slice(next, 0, start, end), 1))
      torch.copy_(torch.slice(logp, 0, start, end), torch.squeeze(chosen, 1))
      # Blocks that stay in the processor's cache from one operation to the next.
      blocks = torch.split(z, ${block})
      l = torch.split(torch.slice(logp, 0, start, end), ${block})
      h = torch.split(torch.slice(entropy, 0, start, end), ${block})
      for i in range(torch.len(blocks)):
        b = blocks[i]
        top = torch.amax(b, [1])
        if entropies:
          p = torch.softmax(b, -1)
        else:
          p = torch._softmax(b, -1, False, out=b)
        lse = (self).log_sum_exp(top, p)
        torch.sub_(l[i], lse)
        if entropies:
          torch.copy_(h[i], torch.sub(lse, torch.sum(torch.mul_(p, b), [1])))
      start = end
    return [logp, entropy]

  # Hidden states [R, C] at places and the words [R] that follow them.
  def asked(self: __torch__.Kernels, x: Tensor, ids: Tensor, at: Tensor) -> List[Tensor]:
    tokens = (self).tokens_at(ids, at)
    next = torch.index_select(torch.flatten(ids), 0, torch.add(tokens, 1))
    return [torch.index_select(torch.detach(x), 0, tokens), next]

  # Log-probabilities [B, T - 1] of ids[:, 1:] at places, each given what stands before it.
  def logprobs(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor, at: Tensor, temperature: Tensor) -> Tensor:
    w = (self).adapted(flat, adapters)
    rows, next = (self).asked((self).hidden(w, ids), ids, at)
    logp, entropy = (self).word_logprobs(w, rows, next, float(temperature), False)
    return (self).spread(logp, ids, at)

  # The same, the entropy of each next-word distribution, and values, each [B, T - 1].
  def policy(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor, at: Tensor, temperature: Tensor) -> List[Tensor]:
    w = (self).adapted(flat, adapters)
    rows, next = (self).asked((self).hidden(w, ids), ids, at)
    logp, entropy = (self).word_logprobs(w, rows, next, float(temperature), True)
    values = (self).head(w, rows)
    return [(self).spread(logp, ids, at), (self).spread(entropy, ids, at), (self).spread(values, ids, at)]

  # Values [B, T - 1] at places, without a thought of the vocabulary.
  def values(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor, at: Tensor) -> Tensor:
    w = (self).adapted(flat, adapters)
    rows, next = (self).asked((self).hidden(w, ids), ids, at)
    return (self).spread((self).head(w, rows), ids, at)

  # Index [B] into tokens [M] of the token at index last [B] of each row.
  def last_tokens(self: __torch__.Kernels, ids: Tensor, last: Tensor) -> Tensor:
    rows = torch.arange(torch.size(ids, 0), dtype=4, device=ids.device)
    return torch.add(torch.mul(rows, torch.size(ids, 1)), last)

  # The head [B] on the token at index last [B] of each row.
  def scores(self: __torch__.Kernels, flat: Tensor, adapters: Tensor, ids: Tensor, last: Tensor) -> Tensor:
    w = (self).adapted(flat, adapters)
    x = (self).hidden(w, ids)
    return (self).head(w, torch.index_select(x, 0, (self).last_tokens(ids, last)))

  # The scalar head [R] on hidden states [R, C], in float32.
  def head(self: __torch__.Kernels, w: List[Tensor], rows: Tensor) -> Tensor:
    y = torch.mv(torch.to(torch.detach(rows), 6), torch.detach((self).rounded(w[-2])))
    if torch.gt(torch.numel(w[-1]), 0):
      y = torch.add(y, torch.detach((self).rounded(w[-1])))
    return y

