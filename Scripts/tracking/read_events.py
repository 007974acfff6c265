#!/usr/bin/env python3
"""Prints as JSON what TensorBoard's own reader finds in event files: PYTHONPATH=.build/tracking read_events.py LOGDIR

Of each run its scalars, images and histograms with step and wall time, and what the HPARAMS plugin reads of its tags.
Tests hold it against what was written.
"""
import json
import sys

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import metadata

everything = {"scalars": 0, "images": 0, "histograms": 0, "tensors": 0, "compressedHistograms": 1}
multiplexer = EventMultiplexer(size_guidance=everything)
multiplexer.AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()


def hyperparameters(run):
    found = {}
    try:
        contents = multiplexer.GetAccumulator(run).PluginTagToContent(metadata.PLUGIN_NAME)
    except KeyError:
        return found
    for tag, content in contents.items():
        if tag == metadata.EXPERIMENT_TAG:
            experiment = metadata.parse_experiment_plugin_data(content)
            found["domains"] = [info.name for info in experiment.hparam_infos]
            found["metrics"] = [info.name.tag for info in experiment.metric_infos]
        elif tag == metadata.SESSION_START_INFO_TAG:
            start = metadata.parse_session_start_info_plugin_data(content)
            found["group"] = start.group_name
            found["values"] = {
                name: getattr(value, value.WhichOneof("kind")) for name, value in start.hparams.items()}
        elif tag == metadata.SESSION_END_INFO_TAG:
            found["status"] = metadata.parse_session_end_info_plugin_data(content).status
    return found


def png(data):
    return data[:8] == b"\x89PNG\r\n\x1a\n"


runs = {}
for run, tags in multiplexer.Runs().items():
    runs[run] = {
        "scalars": {
            tag: [[e.step, e.value, e.wall_time] for e in multiplexer.Scalars(run, tag)]
            for tag in tags["scalars"]},
        "images": {
            tag: [[e.step, e.width, e.height, png(e.encoded_image_string)]
                  for e in multiplexer.Images(run, tag)]
            for tag in tags["images"]},
        "histograms": {
            tag: [[e.step, e.histogram_value.num, sum(e.histogram_value.bucket)]
                  for e in multiplexer.Histograms(run, tag)]
            for tag in tags["histograms"]},
        "hyperparameters": hyperparameters(run),
    }
json.dump(runs, sys.stdout)
