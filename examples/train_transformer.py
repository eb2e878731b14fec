"""Train a small transformer and its tokenizer from scratch, on a CPU: pip install 'khobor[train]'

python examples/train_transformer.py dist/khobor-bn-news-1.0.1.dev0 --model names-transformer
With --layer quotes it learns who says what. For a good model, begin with a pretrained one:
AutoTokenizer and AutoModelForTokenClassification instead of `new_tokenizer` and `BertConfig`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from datasets import load_dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    BertConfig,
    BertForTokenClassification,
    DataCollatorForTokenClassification,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
    set_seed,
)

from khobor.scoring import score_mentions, score_quotes
from khobor.training import (
    collect_examples,
    gold_annotations,
    label_names,
    link_roles,
    map_documents,
    merge_labels,
    predicted_annotations,
    read_articles,
    token_task,
)


def new_tokenizer(texts: Iterable[str], *, size: int, max_tokens: int) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE: no normaliser, so ZWJ, ZWNJ and both forms of য় stay apart."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["[PAD]", "[CLS]", "[SEP]", "[MASK]"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=max_tokens,
        pad_token="[PAD]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


def main() -> None:
    """Train on the split train, score on validation (or the split that is asked for)."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("release", help="folder of a release, or its name on the Hub")
    options.add_argument("--model", type=Path, default=Path("names-transformer"))
    options.add_argument("--layer", choices=["entities", "quotes"], default="entities")
    options.add_argument("--split", default="validation")
    options.add_argument("--documents", type=int, help="how many of each split, to try it out")
    options.add_argument("--epochs", type=int, default=30)
    options.add_argument("--vocabulary", type=int, default=4000)
    options.add_argument("--width", type=int, default=128)
    options.add_argument("--max-tokens", type=int, default=96)
    options.add_argument("--rate", type=float, default=1e-3)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    set_seed(chosen.seed)

    documents = load_dataset(chosen.release, "documents")
    if chosen.documents:
        documents = {name: split.take(chosen.documents) for name, split in documents.items()}
    tokenizer = new_tokenizer(
        documents["train"]["text"], size=chosen.vocabulary, max_tokens=chosen.max_tokens
    )
    # Windows to train on keep quotes whole; windows to predict on must not know where they end.
    rows = map_documents(documents["train"], token_task(tokenizer, layer=chosen.layer))
    task = token_task(tokenizer, layer=chosen.layer, stride=2, blind=True)
    asked = collect_examples(documents[chosen.split], task)

    names = label_names(chosen.layer)
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=chosen.width,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=4 * chosen.width,
        max_position_embeddings=chosen.max_tokens,
        pad_token_id=tokenizer.pad_token_id,
        id2label=names,
        label2id={name: number for number, name in names.items()},
    )
    trainer = Trainer(
        model=BertForTokenClassification(config),
        args=TrainingArguments(
            output_dir=str(chosen.model),
            num_train_epochs=chosen.epochs,
            per_device_train_batch_size=8,
            learning_rate=chosen.rate,
            warmup_steps=100,
            seed=chosen.seed,
            save_strategy="no",
            report_to="none",
            use_cpu=True,
            disable_tqdm=True,
            dataloader_pin_memory=False,
        ),
        train_dataset=rows,
        data_collator=DataCollatorForTokenClassification(tokenizer),
    )
    trainer.train()
    trainer.save_model()
    tokenizer.save_pretrained(chosen.model)

    inputs = [
        {name: row[name] for name in ("input_ids", "attention_mask", "labels")}
        for row in asked.examples
    ]
    labels = trainer.predict(inputs).predictions.argmax(-1).tolist()
    found = merge_labels(asked.examples, labels, layer=chosen.layer)
    articles = list(read_articles(documents[chosen.split]))
    gold = gold_annotations(articles)
    if chosen.layer == "entities":
        score = score_mentions(gold, predicted_annotations(articles, found)).micro
    else:
        quotes = {one.doc_id: link_roles(one, found.get(one.doc_id, [])) for one in articles}
        texts = {article.doc_id: article.text for article in articles}
        score = score_quotes(gold, predicted_annotations(articles, quotes=quotes), texts).all.found
    print(f"F1 {score.f1 or 0:.3f} ({score.low or 0:.3f}–{score.high or 0:.3f}) on {chosen.split}")


if __name__ == "__main__":
    main()
