-- A model is whatever its file holds, told the same way for every format.
alter table model add column info jsonb;

update model set info = jsonb_build_object(
  'format', format,
  'architecture', architecture,
  'inputs', jsonb_build_array(
    jsonb_build_object('name', 'features', 'type', 'float32', 'shape', input_shape)),
  'outputs', jsonb_build_array(
    jsonb_build_object('name', 'logits', 'type', 'float32',
                       'shape', jsonb_build_array(jsonb_array_length(classes)), 'kind', 'logits'),
    jsonb_build_object('name', 'probabilities', 'type', 'float32',
                       'shape', jsonb_build_array(jsonb_array_length(classes)),
                       'kind', 'probabilities')),
  'parameters', parameters,
  'taps', '[]'::jsonb,
  'classes', classes,
  'facts', '{}'::jsonb);

alter table model
  alter column info set not null,
  drop column format,
  drop column architecture,
  drop column input_shape,
  drop column classes,
  drop column parameters;
